"""The tables of the schema ``alerts``: what the migrations make and the repository reads and writes."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Float,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Sequence,
    SmallInteger,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.alerts.settings import SCHEMA

metadata = MetaData(schema=SCHEMA)
Instant = DateTime(timezone=True)

plans = Table(
    "plans",
    metadata,
    Column("plan", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("hash", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("parsed", JSONB, nullable=False),
    Column("loaded", Instant, nullable=False),
    Column("changed", Instant, nullable=False),
    Column("withdrawn", Instant),
)
"""Every version of a plan that ever ran, as written and as understood; the last that is not withdrawn runs.

``changed`` is when its text was last changed: an older text does not replace it unasked.
"""

rounds = Sequence("rounds", metadata=metadata)
"""Numbers of the transactions that judge or learn of units: one at a time, so a greater one was committed later."""

units = Table(
    "units",
    metadata,
    Column("unit", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("path", ARRAY(Text), nullable=False),
    Column("today", Date, nullable=False),
    Column("revision", BigInteger, nullable=False),
    Column("whole", Boolean, nullable=False),
    Column("round", BigInteger, nullable=False),
    Index("units_round", "round"),
)
"""The units as last told of (by the values of which day and revision, of every occupation or of one).

``round`` is when the name or the place changed last.
"""

groups = Table(
    "groups",
    metadata,
    Column("unit", Text, primary_key=True),
    Column("occupation", Text, primary_key=True),
    Column("window_days", Integer, nullable=False),
    Column("today", Date, nullable=False),
    Column("revision", BigInteger, nullable=False),
    Index("groups_today", "today"),
)
"""The groups that workforce.metrics has told of, and the greatest day it was told on."""

observations = Table(
    "observations",
    metadata,
    Column("unit", Text, primary_key=True),
    Column("occupation", Text, primary_key=True),
    Column("metric", Text, primary_key=True),
    Column("as_of", Date, primary_key=True),
    Column("horizon", SmallInteger, primary_key=True),
    Column("revision", BigInteger, nullable=False),
    Column("today", Date, nullable=False),
    Column("status", Text, nullable=False),
    Column("value", Float),
    Column("numerator", Float),
    Column("denominator", Float),
    Column("low", Float),
    Column("high", Float),
    Column("until", Date),
)
"""A value as of a day; horizon 0 is what was, else what was known so many days ahead.

``until`` is the last day of the months that a value of health or of a pulse tells of.
"""

standings = Table(
    "standings",
    metadata,
    Column("plan", Text, primary_key=True),
    Column("target", Text, primary_key=True),
    Column("unit", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("since", Date),
    Column("steps", Integer, nullable=False),
    Column("watched", Boolean, nullable=False),
    Column("memory", JSONB, nullable=False),
    Column("view", JSONB, nullable=False),
    Column("evaluated", Instant, nullable=False),
    Column("round", BigInteger, nullable=False, server_default=text("0")),
    Index("standings_round", "round"),
    Index("standings_unit", "unit", postgresql_where=text("watched")),
)
"""Where each alert stands, and what is remembered of the days before the kept observations.

``round`` is when it was judged last.
"""

due = Table(
    "due",
    metadata,
    Column("plan", Text, primary_key=True),
    Column("target", Text, primary_key=True),
    Column("unit", Text, primary_key=True),
    Column("bulk", Boolean, nullable=False),
    Column("marked", Instant, nullable=False),
    Index("due_order", "bulk", "marked"),
)
"""Alerts to judge: marked with what changed, judged some at a time. ``bulk``: marked by a plan, not by values."""

unjudged = Table(
    "unjudged",
    metadata,
    Column("plan", Text, primary_key=True),
    Column("target", Text, primary_key=True),
    Column("unit", Text, primary_key=True),
    Column("error", Text, nullable=False),
    Column("since", Instant, nullable=False),
)
"""Alerts that could not be judged when they were due, and why; they stand where they last stood."""

episodes = Table(
    "episodes",
    metadata,
    Column("id", Text, primary_key=True),
    Column("plan", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("phase", Text, nullable=False),
    Column("since", Date, nullable=False),
    Column("began", Date, nullable=False),
    Column("ended", Date),
    Column("outcome", Text),
    Column("raised_with", JSONB),
    CheckConstraint("kind in ('breach', 'expected')", name="episodes_kind"),
    CheckConstraint("phase in ('firing', 'recovering', 'expected', 'ok')", name="episodes_phase"),
    Index("episodes_alert", "plan", "target", "unit", "began"),
)
"""Each alert's life from firing to its end; never deleted."""

transitions = Table(
    "transitions",
    metadata,
    Column("seq", BigInteger, Identity(always=True), primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("plan", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("decided", Instant, nullable=False),
    Column("body", JSONB, nullable=False),
    Column("published", Boolean, nullable=False, server_default=text("false")),
    Index("transitions_unpublished", "seq", postgresql_where=text("not published")),
    Index("transitions_alert", "plan", "target", "unit", "seq"),
)
"""Append-only: every step of every alert, relayed in order to workforce.alerts."""

outbox = Table(
    "outbox",
    metadata,
    Column("id", Text, primary_key=True),
    Column("episode", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("occasion", JSONB, nullable=False),
    Column("created", Instant, nullable=False),
    Column("due", Instant, nullable=False),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("state", Text, nullable=False, server_default=text("'pending'")),
    Column("message_id", Text),
    Column("last_error", Text),
    Column("sent", Instant),
    Column("answered", Instant),
    Column("held", Instant),
    CheckConstraint("state in ('pending', 'sent', 'failed', 'held', 'summarised')", name="outbox_state"),
    Index("outbox_due", "due", postgresql_where=text("state = 'pending'")),
    Index("outbox_episode", "episode"),
    Index("outbox_sent", "address", "sent", postgresql_where=text("state = 'sent'")),
    Index("outbox_held", "address", "held", postgresql_where=text("state = 'held'")),
    Index("outbox_failed", "created", postgresql_where=text("state = 'failed'")),
    Index("outbox_settled", "created", postgresql_where=text("state in ('sent', 'failed', 'summarised')")),
)
"""Mails to send: written with the transition that causes them, delivered afterwards.

``answered`` is when the server first put a mail off. ``held``: beyond what its recipient gets in an hour, since when;
``summarised``: told of in one mail for all of them.
"""

measure_updates = Table(
    "measure_updates",
    metadata,
    Column("source", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("plan", Text, nullable=False),
    Column("measure", Text, nullable=False),
    Column("body", JSONB, nullable=False),
    Index("measure_updates_measure", "plan", "measure"),
)
"""Append-only: what was told of the measures of plans, corrections and retractions too."""

dead_letters = Table(
    "dead_letters",
    metadata,
    Column("topic", Text, primary_key=True),
    Column("partition", Integer, primary_key=True),
    Column("offset", BigInteger, primary_key=True),
    Column("key", LargeBinary),
    Column("value", LargeBinary),
    Column("reason", Text, nullable=False),
    Column("error", Text, nullable=False),
    Column("received", Instant, nullable=False, server_default=text("now()")),
    Index("dead_letters_received", "received"),
)
"""Messages that could not be taken in, kept as they came."""

set_aside = Table(
    "set_aside",
    metadata,
    Column("topic", Text, primary_key=True),
    Column("partition", Integer, primary_key=True),
    Column("offset", BigInteger, primary_key=True),
    Column("why", Text, nullable=False),
    Column("at", Instant, nullable=False, server_default=text("now()")),
)
"""Messages that an operator wants put aside if the service stops at them."""
