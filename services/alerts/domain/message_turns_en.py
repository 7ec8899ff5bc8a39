"""What the English mail says at each turn."""

from services.alerts.domain.message_turn import Telling, Turn

_SINCE = "The value went {side} the limit on {since}."
_RAISED = "When the alert was raised, on {began}, it was {raised_with}."
_MONTHS = "The value is for the {months}: health and pulse surveys are only told of whole months."
_HOLD = "The plan alerts after {hold} [day|days]."
_AHEAD = (
    "What is already registered, such as dated departures and starts, gives {value} on {on},"
    " {ahead} [day|days] from now."
)
_TODAY = (
    "Today the value is {present}, so there is still time to act.",
    "Today the value is {present_beyond}, already {side} the limit of {limit}.",
)
_LASTED = "It lasted {lasted} [day|days], from {since} to {ended}."
_RAISED_WITH = "When the alert was raised, the value was {raised_with}."
_CORRECTED = "Data has been corrected, and with the corrected data there is no reason for this alert."
_NO_LONGER = "Earlier mail about it no longer applies."
_AGAIN = "A new alert is raised if the plan's condition for one is met again."

TURNS: dict[Turn, Telling] = {
    "raised": Telling(
        "{unit}: {metric} {told} – {side} the plan's limit of {limit}{only}",
        "{side_first} the plan's limit: {metric}",
        ("The value has been {side} the limit since {since}, for {lasted} [day|days].", _HOLD, _MONTHS),
    ),
    "raised_at_once": Telling(
        "{unit}: {metric} {told} – {side} the plan's limit of {limit}{only}",
        "{side_first} the plan's limit: {metric}",
        ("The value is {side} the limit as of {since}.", _HOLD, _MONTHS),
    ),
    "raised_before": Telling(
        "{unit}: {metric} {told} – {side} the plan's limit of {limit}{only}",
        "{side_first} the plan's limit: {metric}",
        ("{value_is}, {side} the limit of {limit}.", _SINCE, _RAISED, _HOLD),
    ),
    "raised_fallen_back": Telling(
        "{unit}: {metric} {told} – no longer {side} the plan's limit of {limit}, but the alert goes on{only}",
        "Has been {side} the plan's limit: {metric}",
        (
            "{value_is}, no longer {side} the limit of {limit}.",
            "The level that ends the alert, {short_of}, is not reached.",
            "The alert ends when the value has been {stays} for {clear_hold} [day|days].",
            _SINCE,
            _RAISED,
            _HOLD,
        ),
    ),
    "raised_unseen": Telling(
        "{unit}: {metric} – alert under the plan{only}",
        "Alert under the plan: {metric}",
        ("The plan's condition for an alert was met on {began}.",),
    ),
    "expected": Telling(
        "Warning for {on}: {unit}, {metric} {value} – {side} the plan's limit of {limit}{only}",
        "Expected {side} the plan's limit: {metric}",
        (_AHEAD, *_TODAY),
    ),
    "expected_fallen_back": Telling(
        "Warning for {on}: {unit}, {metric} {value} – no longer {side} the plan's limit of {limit},"
        " but the warning goes on{only}",
        "Has been expected {side} the plan's limit: {metric}",
        (
            _AHEAD,
            "The expected value is no longer {side} the limit of {limit}.",
            "The level that ends the warning, {short_of}, is not reached.",
            "When the warning was raised, on {began}, {raised_with} was expected.",
            *_TODAY,
        ),
    ),
    "expected_unseen": Telling(
        "{unit}: {metric} – advance warning under the plan{only}",
        "Advance warning under the plan: {metric}",
        ("The plan's condition for an advance warning was met on {began}.",),
    ),
    "resolved": Telling(
        "Back within the plan: {unit}, {metric} {told}{only}",
        "Back within the plan: {metric}",
        ("{value_is} and the alert is over.", _LASTED, _RAISED_WITH),
    ),
    "resolved_then_beyond": Telling(
        "Alert closed, but {side} the plan's limit of {limit} again: {unit}, {metric} {told}{only}",
        "Alert closed, but {side} the limit again: {metric}",
        ("The alert is over.", _LASTED, _RAISED_WITH, "{value_is}, {side} the limit of {limit} again.", _AGAIN),
    ),
    "resolved_unseen": Telling(
        "Alert closed: {unit}, {metric}{only}",
        "Alert closed: {metric}",
        ("The alert is over.", _LASTED),
    ),
    "corrected": Telling(
        "Alert withdrawn, data corrected: {unit}, {metric}{only}",
        "Alert withdrawn: {metric}",
        (
            _CORRECTED,
            "There is nothing you need to do.",
            _NO_LONGER,
            "The alert was raised with {raised_with}; with corrected data the value is {told}.",
        ),
    ),
    "corrected_but_beyond": Telling(
        "Alert withdrawn, data corrected: {unit}, {metric}{only}",
        "Alert withdrawn: {metric}",
        (_CORRECTED, _NO_LONGER, "{value_is}, {side} the limit of {limit}.", _AGAIN),
    ),
}
