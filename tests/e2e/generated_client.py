"""Run by itself, with generated packages: FOLDER WHAT TODAY INGEST METRICS ALERTS, the last three being addresses."""

# mypy: ignore-errors

import sys
from datetime import UTC, date, datetime, timedelta

folder, what, today, *addresses = sys.argv[1:]
sys.path.insert(0, folder)

import alerts  # noqa: E402
import ingest  # noqa: E402
import metrics  # noqa: E402
from alerts.api.default import v1_alerts_alerts  # noqa: E402
from ingest import models as m  # noqa: E402
from ingest.api.default import v1_events_batch_publish_events, v1_events_publish_events  # noqa: E402
from metrics.api.default import v1_metrics_metrics  # noqa: E402

at = dict(zip(("ingest", "metrics", "alerts"), addresses, strict=True))
TODAY = date.fromisoformat(today)
PEOPLE, GONE = 15, 5


def hire(number: int, **fields: float) -> m.HrEmploymentStartedV1:
    """An event, as its type has it."""
    day = TODAY - timedelta(days=500)
    data = m.EmploymentStarted(effective=day, unit="north", occupation="socialsekreterare", **fields)
    return m.HrEmploymentStartedV1(
        specversion=m.HrEmploymentStartedV1Specversion("1.0"),
        id=f"hire-{number}",
        source="generated",
        type_=m.HrEmploymentStartedV1Type("hr.employment.started.v1"),
        subject=f"person/p{number}",
        time=datetime.combine(day, datetime.min.time(), UTC),
        data=data,
    )


def leaves(number: int) -> m.HrEmploymentEndedV1:
    """An event of another type."""
    day = TODAY - timedelta(days=30 + number)
    return m.HrEmploymentEndedV1(
        specversion=m.HrEmploymentEndedV1Specversion("1.0"),
        id=f"leaves-{number}",
        source="generated",
        type_=m.HrEmploymentEndedV1Type("hr.employment.ended.v1"),
        subject=f"person/p{number}",
        time=datetime.combine(day, datetime.min.time(), UTC),
        data=m.EmploymentEnded(last_day=day, reason=m.EmploymentEndedReason("own_request")),
    )


def post() -> str:
    """A hire by itself, and many events in a batch."""
    client = ingest.AuthenticatedClient(at["ingest"], token="local")  # noqa: S106  (the token of a trial)
    first = v1_events_publish_events.sync(client=client, body=hire(0))
    odd = hire(1)
    odd.data.additional_properties["ocupation"] = "x"
    batch = [hire(0), odd, *map(hire, range(2, PEOPLE)), *map(leaves, range(GONE)), hire(99, fte=7.0)]
    rest = v1_events_batch_publish_events.sync(client=client, body=batch)
    told = (first.accepted + rest.accepted - len(rest.duplicates), len(rest.rejected))
    return "{} accepted, {} refused, {} sent before, {} warned of".format(
        *told, len(rest.duplicates), len(rest.warnings)
    )


def alert() -> str:
    """The alerts that fire."""
    found = v1_alerts_alerts.sync(client=alerts.AuthenticatedClient(at["alerts"], token="local"))  # noqa: S106  (as above)
    return ", ".join(f"{one.target} of {one.unit}: {one.state}" for one in found.alerts if one.state == "firing")


def unknown() -> str:
    """What is said of a unit that nobody knows."""
    client = metrics.AuthenticatedClient(at["metrics"], token="local")  # noqa: S106  (as above)
    answer = v1_metrics_metrics.sync_detailed(client=client, unit="nort")
    told = answer.parsed
    return f"{answer.status_code.value} {told.reason} {told.path} {told.nearest}"


sys.stdout.write({"post": post, "alert": alert, "unknown": unknown}[what]())
