-- The job as one batch: the events of $log, JSON a line, become the table of facts.

create temp table events as
select distinct on (subject, source, id)
    subject, source, id, type, corrects, time, data,
    coalesce(if(type = 'hr.employment.ended.v1', data.last_day, data.effective), data."from") as day
from read_json($log, format = 'newline_delimited', columns = {
    id: 'varchar', source: 'varchar', type: 'varchar', subject: 'varchar', corrects: 'varchar', time: 'timestamptz',
    data: 'struct(effective date, last_day date, "from" date, "to" date, employment varchar, absence varchar,
        unit varchar, form varchar, fte double, kind varchar, extent double, open_cases double, points double,
        worked_hours double, overtime_hours double)'
})
where starts_with(subject, 'person/');

-- An event holds unless another corrects it, or a later one corrects the same.
create temp table holding as
with best as (
    select subject, source, corrects, max(row(time, id)) as last from events where corrects is not null group by all
)
select e.* from events e
left join best by_another on (by_another.subject, by_another.source, by_another.corrects) = (e.subject, e.source, e.id)
left join best rival on (rival.subject, rival.source, rival.corrects) = (e.subject, e.source, e.corrects)
where by_another.corrects is null and (e.corrects is null or rival.last = row(e.time, e.id));

-- Employments have periods: between two neighbouring starts lies a boundary if an end does.
create temp table jobs as
with told as (
    select *, coalesce(data.employment, subject[8:]) as name from holding where starts_with(type, 'hr.employment.')
),
starts as (
    select subject, name, day, lag(day) over (partition by subject, name order by day) as before
    from told where type = 'hr.employment.started.v1'
),
boundaries as (
    select distinct s.subject, s.name, s.day from starts s
    join told t on (t.subject, t.name) = (s.subject, s.name) and t.day >= s.before and t.day < s.day
    where t.type = 'hr.employment.ended.v1'
)
select t.*, b.day as period from told t
asof left join boundaries b on t.subject = b.subject and t.name = b.name and t.day >= b.day;

-- Employments and absences alike: of several starts or ends the last recorded holds, changes as they take effect.
create temp table pieces as
with told as (
    select subject, true as job, name, period, split_part(type, '.', 3) as what, time, id, day, data from jobs
    union all
    select subject, false, data.absence, null, split_part(type, '.', 3), time, id, day, data
    from holding where starts_with(type, 'hr.absence.')
),
started as (
    select subject, job, name, period,
        last(data order by time, id) filter (what = 'started') as start,
        last(data order by time, id) filter (what = 'ended') as ending
    from told group by all
),
spans as (
    select *, start.effective as first,
        coalesce(if(ending is null, start.last_day, ending.last_day), date '9999-12-31') as last
    from started where first <= last
),
turns as (
    select subject, job, name, period, first, last, first as turn, false as change,
        null as day, null as time, null as id, start as data
    from spans
    union all
    select s.subject, s.job, s.name, s.period, s.first, s.last, greatest(t.day, s.first), true,
        t.day, t.time, t.id, t.data
    from spans s join told t on (t.subject, t.job, t.name) = (s.subject, s.job, s.name)
        and t.period is not distinct from s.period
    where t.what = 'changed' and t.day <= s.last
),
terms as (
    select subject, job, name, first as since, last, turn, lead(turn) over in_order as next,
        first_value(data) over in_order as start,
        last_value(data.unit ignore nulls) over in_order as unit,
        coalesce(last_value(data.form ignore nulls) over in_order, 'permanent') as form,
        coalesce(last_value(data.fte ignore nulls) over in_order, 1) as fte,
        coalesce(last_value(data.extent ignore nulls) over in_order, 1) as extent
    from turns
    window in_order as (partition by subject, job, name, period order by change, day, time, id)
)
select subject, job, name, since, turn as first, coalesce(next - 1, last) as last, unit, form,
    start.employment, start.kind,
    cast(round_even(fte * 1e6, 0) as bigint) as fte, cast(round_even(extent * 1e6, 0) as bigint) as extent
from terms where next is null or next > turn;

-- The days in service, cut where an employment begins, changes or ends; the main employment is where somebody works.
create temp table posts as
with turns as (
    select subject, first as day from pieces where job union select subject, last + 1 from pieces where job
),
cut as (select subject, day as first, lead(day) over (partition by subject order by day) - 1 as last from turns)
select c.subject, c.first, c.last, p.name, p.unit, p.form, p.fte, p.since
from cut c join pieces p on p.subject = c.subject and c.first between p.first and p.last
where p.job;

create temp table days as
select distinct on (subject, first) subject, first, last, unit, form from posts
order by subject, first, list_position(['permanent', 'fixed_term', 'hourly'], form), fte desc, since, name;

create temp table sick as
with absences as (select * from pieces where not job),
turns as (
    select subject, first as day from absences union select subject, last + 1 from absences
    union select subject, first from days where subject in (select subject from absences)
),
cut as (
    select d.subject, d.first as since, d.unit as home, t.day as first,
        least(d.last, lead(t.day) over (partition by t.subject order by t.day) - 1) as last
    from turns t join days d on d.subject = t.subject and t.day between d.first and d.last
),
extents as (
    select c.subject, c.home, c.first, c.last, p.name, p.unit, p.fte,
        coalesce(sum(a.extent) filter (a.kind in ('sick', 'work_injury')), 0) as sick,
        coalesce(sum(a.extent) filter (a.kind in ('parental', 'study', 'leave')), 0) as leave
    from cut c
    join posts p on p.subject = c.subject and p.first = c.since and p.form <> 'hourly'
    join absences a on a.subject = c.subject and c.first between a.first and a.last
        and coalesce(a.employment, p.name) = p.name
    group by all
)
select *, least(1000000 - least(1000000, leave), sick) as extent from extents where extent > 0;

create temp table spells as
with away as (select distinct subject, home, first, last from sick),
followed as (select *, lag(last) over (partition by subject order by first) + 1 as free from away)
select home as unit, first from followed
where free is null or not (first = free
    or (first - free = 1 and isodow(free) in (6, 7)) or (first - free = 2 and isodow(free) = 6));

create temp table reports as
with last_of_day as (
    select distinct on (subject, day) subject, day, data from holding
    where type = 'hr.caseload.reported.v1' order by subject, day, time desc, id desc
),
held as (
    select *, coalesce(lead(day) over (partition by subject order by day) - 1, date '9999-12-31') as last
    from last_of_day
)
select d.unit, greatest(h.day, d.first) as first, least(h.last, d.last) as last, h.data
from held h join days d on d.subject = h.subject and h.day <= d.last and d.first <= h.last
where d.form <> 'hourly';

-- Hours lie evenly on those days of the report on which the person works here.
create temp table hours as
with within as (
    select h.subject, h.source, h.id, h.data, d.unit,
        greatest(h.data."from", d.first) as first, least(h.data."to", d.last) as last
    from holding h join days d on d.subject = h.subject and h.data."from" <= d.last and d.first <= h.data."to"
    where h.type = 'hr.time.reported.v1'
)
select *, sum(last - first + 1) over (partition by subject, source, id) as worked from within;

create table facts as
with permanent as (
    select *, lag(last) over in_order as before, lead(first) over in_order as after
    from days where form = 'permanent' window in_order as (partition by subject order by first)
),
spans as (
    select unit, 'fte' as measure, first, last, fte as amount from pieces where job and form <> 'hourly'
    union all select unit, 'headcount', first, last, 1000000 from permanent
    union all
    select unit, 'sick_fte', first, last, cast(round_even(cast(fte as double) * extent / 1e6, 0) as bigint) from sick
    union all select unit, 'open_cases', first, last, cast(round_even(data.open_cases * 1e6, 0) as bigint) from reports
    union all select unit, 'points', first, last, cast(round_even(data.points * 1e6, 0) as bigint) from reports
    union all
    select unit, 'worked_hours', first, last, cast(round_even(data.worked_hours / worked * 1e6, 0) as bigint) from hours
    union all
    select unit, 'overtime_hours', first, last, cast(round_even(data.overtime_hours / worked * 1e6, 0) as bigint)
    from hours
),
changes as (
    select unit, measure, first as day, amount from spans
    union all select unit, measure, last + 1, -amount from spans where last < date '9999-12-31'
    union all select unit, 'joiners', first, 1000000 from permanent where before is null or first - before - 1 > 7
    union all
    select unit, 'leavers', last + 1, 1000000 from permanent
    where last < date '9999-12-31' and (after is null or after - last - 1 > 7)
    union all select unit, 'sick_spells', first, 1000000 from spells
)
select unit, measure, day, cast(sum(amount) as bigint) as amount from changes group by all having sum(amount) <> 0;
