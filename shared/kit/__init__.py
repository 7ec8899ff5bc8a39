"""What every service needs at its edge: settings, clock, logs, database, broker, health, HTTP."""
