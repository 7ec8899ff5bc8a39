"""How often a target would raise an alert although nothing has changed: its false alarms."""
