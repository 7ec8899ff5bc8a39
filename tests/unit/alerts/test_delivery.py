"""What follows an attempt to deliver."""

from datetime import UTC, datetime, timedelta

import pytest

from services.alerts.domain.letter.delivery import DeliveryFault, Failure, GiveUp, Policy, RetryAt, after, fault_of

CREATED = datetime(2026, 10, 10, 8, 0, tzinfo=UTC)
POLICY = Policy()


@pytest.mark.parametrize(
    ("why", "fault", "attempt", "waited", "expected"),
    [
        ("the first 4xx is tried again after a second", "temporary", 1, 0, 1),
        ("each further 4xx doubles the wait", "temporary", 4, 60, 8),
        ("the wait after a 4xx stops growing at an hour", "temporary", 40, 86_400, 3600),
        ("mail flows soon after an outage", "unreachable", 40, 86_400, 30),
        ("no attempt count overflows", "temporary", 1_000_000, 86_400, 3600),
        ("the last moment before three days is still tried", "temporary", 80, 259_199, 3600),
        ("after three days a 4xx is a dead letter", "temporary", 80, 259_200, None),
        ("an outage is waited for however long it takes: Easter is four days", "unreachable", 80, 345_600, 30),
        ("a 5xx is a dead letter at once", "rejected", 1, 0, None),
        ("a mail that cannot be written is a dead letter at once", "invalid", 1, 0, None),
    ],
)
def test_after_a_failure(why: str, fault: DeliveryFault, attempt: int, waited: int, expected: int | None) -> None:
    """Patience depends on the fault, the attempt and the age of the mail."""
    now = CREATED + timedelta(seconds=waited)
    then = after(Failure(fault, "said"), attempt, CREATED, now, POLICY)
    assert then == (GiveUp() if expected is None else RetryAt(now + timedelta(seconds=expected))), why


@pytest.mark.parametrize(
    ("code", "fault"), [(421, "temporary"), (450, "temporary"), (550, "rejected"), (554, "rejected")]
)
def test_reply_codes(code: int, fault: DeliveryFault) -> None:
    """4xx asks to come back, 5xx does not."""
    assert fault_of(code) == fault


def test_exchange_ends_before_its_lease() -> None:
    """One exchange with the server always fits into the lease, or two processes could hold the same mail."""
    assert POLICY.timeout < POLICY.lease
