-- Run once after the database was put back from a dump (docs/operations.md).

-- Transactions are numbered by the server. Those of the dump may be numbers that this server has yet to give out, and
-- would look like the future: they are all in the past. No server gives out 1.
update metrics.batches set tx = '1';
update metrics.cells set tx = '1';
update metrics.periods set closed = '1' where closed is not null;

-- Answers state the newest batch as their revision. Those given after the dump was made stated numbers that would now be
-- given out again.
select setval(pg_get_serial_sequence('metrics.batches', 'id'), coalesce(max(id), 0) + 1000000) from metrics.batches;

-- What the leading service had in memory is of the other server's transactions: it begins with all facts.
truncate metrics.book_copy, metrics.book_told, metrics.book_parts;
