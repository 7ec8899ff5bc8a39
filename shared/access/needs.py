"""What routes ask for: each handler names one of these under ``NEED`` of its options; without any it is refused."""

from shared.access.rights import Need

NEED = "need"
"""The option of a handler."""

OPEN = Need(frozenset())
"""Nothing: health, the schema, signing in."""
PUBLISH = Need(frozenset({"events:write"}), by_itself=True)
"""Events: whose source, type and subject a token may send is seen in the body alone."""
READ_METRICS = Need(frozenset({"reader", "metrics:read"}))
"""Values and what they are made of."""
READ_ALERTS = Need(frozenset({"reader", "alerts:read"}))
"""Alerts and plans."""
HANDLE = Need(frozenset({"handler", "alerts:write"}))
"""Act on an alert of an own unit."""
PLAN = Need(frozenset({"planner", "alerts:write"}))
"""Say where a plan's measures stand."""
SCRAPE = Need(frozenset({"admin", "prometheus:scrape"}))
"""All series at once."""
OPERATE = Need(frozenset({"admin", "operate"}))
"""Dead letters, mails, older texts of plans."""
PERSONS = Need(frozenset({"persons:manage"}))
"""What is known of one person, and erasing it."""
AUDIT = Need(frozenset({"auditor"}))
"""Who looked at what."""
