"""Occasions for tests: one call makes one alert of a unit whose social workers leave, and any field can be given."""

from datetime import UTC, date, datetime

import msgspec

from services.alerts.domain.alert.occasion import ActionNotice, FollowUp, MailReason, MovedLimit, Occasion
from shared.contracts.metrics import MetricValue

DEFINITION = "stadga:leaver_rate_own_request:1"
FIRING = MetricValue(
    status="final", definition=DEFINITION, value=7 / 38.2, numerator=7, denominator=38.2, low=0.0737, high=0.3775
)
CALM = MetricValue(
    status="final", definition=DEFINITION, value=4 / 39.2, numerator=4, denominator=39.2, low=0.0278, high=0.2612
)
HIDDEN = MetricValue(status="suppressed", definition="stadga:sick_rate:1")
SICK = MetricValue(
    status="final",
    definition="stadga:sick_rate:1",
    value=0.181,
    numerator=6.9,
    denominator=38.2,
    until=date(2026, 9, 30),
)
WELL = msgspec.structs.replace(SICK, value=0.102, numerator=3.9, until=date(2026, 11, 30))
HEALTH: dict[str, object] = {"metric": "sick_rate", "measured": SICK, "raised_with": SICK, "confirmed": None}
"""What is told of whole months: in October of the twelve that ended with September."""
MEASURES = (
    ActionNotice(
        title={"sv": "Mentor till alla nyanställda", "en": "A mentor for every new employee"},
        owner="Enhetschef Farsta",
        due=date(2026, 9, 30),
    ),
    ActionNotice(title={"sv": "Avgångssamtal inom två veckor"}, owner="HR"),
)
ALERT = Occasion(
    reason="hold_met",
    episode="episode-1",
    decided=datetime(2026, 10, 10, 6, 14, tzinfo=UTC),
    plan="socialsekreterare-2026",
    plan_title={"sv": "Handlingsplan för socialsekreterare", "en": "Action plan for social workers"},
    plan_version=3,
    target="own-request",
    severity="warning",
    metric="leaver_rate_own_request",
    unit="ifo-farsta",
    unit_name="Barn och familj, Farsta",
    occupation="socialsekreterare",
    breach="above",
    threshold=0.15,
    clear=0.12,
    hold_days=14,
    clear_hold_days=0,
    confirmed=False,
    measured=FIRING,
    raised_with=FIRING,
    window_days=365,
    since=date(2026, 9, 26),
    began=date(2026, 10, 10),
    ended=None,
    on=date(2026, 10, 10),
    today=date(2026, 10, 10),
    time_zone="Europe/Stockholm",
    language="sv",
    link="https://stadga.kommun.example/v1/alerts?plan=socialsekreterare-2026&unit=ifo-farsta",
    measures=MEASURES,
)
FOLLOWED = FollowUp(
    key="escalated/episode-1/2026-09-30/1",
    told=date(2026, 9, 30),
    told_to=("Enhetschef Farsta", "HR"),
    unattended=7,
    before=msgspec.structs.replace(FIRING, value=0.16),
)
SNOOZED = msgspec.structs.replace(FOLLOWED, by="Eva Ek", until=date(2026, 10, 9), note="Semester")
LATER = {"on": date(2026, 12, 9)}
TURNS: dict[MailReason, dict[str, object]] = {
    "hold_met": {},
    "expected_breach": {**LATER, "present": CALM},
    "resolved": {**LATER, "today": date(2026, 12, 9), "ended": date(2026, 12, 9), "measured": CALM},
    "data_corrected": {"measured": CALM},
    "escalated": {"follow": FOLLOWED},
    "snooze_ended": {
        "follow": msgspec.structs.replace(FOLLOWED, by="Eva Ek", until=date(2026, 10, 9), note="Semester")
    },
    "reminded": {"follow": FOLLOWED},
    "limit_moved": {"measured": CALM, "moved": MovedLimit(side="above", threshold=0.10, value=CALM.value)},
}


def occasion(reason: MailReason = "hold_met", **fields: object) -> Occasion:
    """The alert at one turn of its life, with ``fields`` of one's own."""
    return msgspec.structs.replace(ALERT, reason=reason, **{**TURNS[reason], **fields})
