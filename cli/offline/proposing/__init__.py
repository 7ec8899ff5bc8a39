"""`stadga propose`: proposals from event logs or from the running metrics service, and how they are printed."""
