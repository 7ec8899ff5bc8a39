"""What events are about: a subject is written ``kind/reference``, and these are the kinds."""

PERSON = "person"
ASSIGNMENT = "assignment"
VACANCY = "vacancy"
UNIT = "unit"
MEASURE = "measure"
KEPT = "kept"
"""What stays of persons who were erased: sums that name nobody. No other system publishes about it."""

SUBJECT_KINDS = (PERSON, ASSIGNMENT, VACANCY, UNIT, MEASURE)
"""The kinds of subject of the events that other systems publish."""

PERSON_PREFIX = f"{PERSON}/"
UNIT_PREFIX = f"{UNIT}/"
MEASURE_PREFIX = f"{MEASURE}/"
"""Subjects of events that belong to the alerts service: ``measure/<plan>/<id>``."""
ALERT_PREFIX = "alert/"
"""Subjects of the transitions that the alerts service publishes: ``alert/<plan>|<target>|<unit>``."""
