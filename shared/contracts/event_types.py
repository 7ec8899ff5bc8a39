"""The type of every event that other systems may publish, spelled once."""

EMPLOYMENT_STARTED = "hr.employment.started.v1"
EMPLOYMENT_CHANGED = "hr.employment.changed.v1"
EMPLOYMENT_ENDED = "hr.employment.ended.v1"
ABSENCE_STARTED = "hr.absence.started.v1"
ABSENCE_CHANGED = "hr.absence.changed.v1"
ABSENCE_ENDED = "hr.absence.ended.v1"
MILESTONE_REACHED = "hr.milestone.reached.v1"
BONUS_PAID = "hr.bonus.paid.v1"
TIME_REPORTED = "hr.time.reported.v1"
CASELOAD_REPORTED = "hr.caseload.reported.v1"
ASSIGNMENT_STARTED = "hr.assignment.started.v1"
ASSIGNMENT_CHANGED = "hr.assignment.changed.v1"
ASSIGNMENT_ENDED = "hr.assignment.ended.v1"
VACANCY_OPENED = "hr.vacancy.opened.v1"
VACANCY_CLOSED = "hr.vacancy.closed.v1"
UNIT_DEFINED = "hr.unit.defined.v1"
UNIT_CLOSED = "hr.unit.closed.v1"
INCIDENT_REPORTED = "hr.incident.reported.v1"
PULSE_REPORTED = "hr.pulse.reported.v1"
COST_REPORTED = "hr.cost.reported.v1"
HANDOVER_REPORTED = "hr.handover.reported.v1"
MEASURE_UPDATED = "plan.measure.updated.v1"

RETRACTED = "hr.event.retracted.v1"
"""The type that says an earlier event never happened; it has ``corrects`` and no data."""

EMPLOYMENT = (EMPLOYMENT_STARTED, EMPLOYMENT_CHANGED, EMPLOYMENT_ENDED)
ABSENCE = (ABSENCE_STARTED, ABSENCE_CHANGED, ABSENCE_ENDED)
ASSIGNMENT = (ASSIGNMENT_STARTED, ASSIGNMENT_CHANGED, ASSIGNMENT_ENDED)
VACANCY = (VACANCY_OPENED, VACANCY_CLOSED)
UNIT = (UNIT_DEFINED, UNIT_CLOSED)
"""What tells of one employment, absence, assignment, vacancy or unit."""
