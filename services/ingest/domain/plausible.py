"""Sums that cannot be: more answers than were invited, a pay that nobody has.

They are no part of the structures, since what was once accepted must stay readable.
"""

from services.ingest.domain.refusal import RefusalError
from shared.contracts.events import Data, EmploymentChanged, EmploymentStarted, PulseReported

PAY = range(5_000, 1_000_001)
"""SEK a month at full time: less is an hourly pay or thousands, more is öre or a pay of years."""
HIGHEST_SCORE = 100


def check(data: Data) -> None:
    """Raise RefusalError with the field that cannot be so beside the others."""
    match data:
        case EmploymentStarted() | EmploymentChanged():
            _check_pay(data.monthly_pay)
        case PulseReported():
            _check_pulse(data)


def _check_pay(pay: float | None) -> None:
    if pay is not None and not PAY.start <= pay < PAY.stop:
        limits = f"{PAY.start:,}–{PAY.stop - 1:,}"
        raise RefusalError(
            "invalid_value", "$.data.monthly_pay", f"{pay:g} is no pay of a month: expected SEK, {limits}"
        )


def _check_pulse(pulse: PulseReported) -> None:
    most = (
        ("answers", pulse.answers, pulse.invited, "invited"),
        ("negative", pulse.negative, pulse.answers, "answers"),
        ("score_sum", pulse.score_sum, HIGHEST_SCORE * pulse.answers, f"{HIGHEST_SCORE} × answers"),
    )
    for name, said, limit, of in most:
        if said > limit:
            raise RefusalError("invalid_value", f"$.data.{name}", f"{said:g} is more than {of}, {limit}")
