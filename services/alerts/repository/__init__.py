"""The schema ``alerts``: all of the service's SQL, and the plan files. Functions work on the caller's connection."""
