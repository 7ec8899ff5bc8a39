"""Webhooks: signed notices to other systems, one after another, until each has taken them."""
