"""The statements by which replicas tell that they are there, and share the shards: advisory locks by name."""

_KEY = "(hashtext($1) & 2147483647)::bigint"
JOIN = f"select pg_advisory_lock_shared({_KEY})"
LEAVE = f"select pg_advisory_unlock_shared({_KEY})"
ALONE = f"select pg_try_advisory_lock({_KEY})"
ALONE_NO_MORE = f"select pg_advisory_unlock({_KEY})"
GIVE_UP = "select pg_advisory_unlock(hashtext($1))"
REPLICAS = f"""
select count(*) from pg_locks where locktype = 'advisory' and mode = 'ShareLock' and granted and objsubid = 1
    and classid = 0 and objid::bigint = {_KEY}
    and database = (select oid from pg_database where datname = current_database())
"""  # noqa: S608  (written here)
