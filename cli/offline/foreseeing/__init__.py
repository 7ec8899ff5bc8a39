"""What can be said of a plan before it runs, from an event log: how many false alarms it would raise."""
