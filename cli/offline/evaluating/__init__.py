"""`stadga evaluate PLAN ACTION EVENTS…`: whether a measure of a plan helped, from an event log."""
