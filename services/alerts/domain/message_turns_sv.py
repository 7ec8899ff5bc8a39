"""What the Swedish mail says at each turn."""

from services.alerts.domain.message_turn import Telling, Turn

_SINCE = "Värdet kom {side} gränsen den {since}."
_RAISED = "När larmet gick, den {began}, var det {raised_with}."
_MONTHS = "Värdet gäller {months}: hälsa och pulsmätningar redovisas bara för hela månader."
_HOLD = "Planen larmar efter {hold} [dag|dagar]."
_AHEAD = (
    "Det som redan är registrerat, till exempel avgångar och anställningar med datum, ger {value}"
    " den {on}, om {ahead} [dag|dagar]."
)
_TODAY = (
    "I dag är värdet {present}, så det finns fortfarande tid att agera.",
    "I dag är värdet {present_beyond}, redan {side} gränsen {limit}.",
)
_LASTED = "Det varade i {lasted} [dag|dagar], från den {since} till den {ended}."
_RAISED_WITH = "När larmet gick var värdet {raised_with}."
_CORRECTED = "Uppgifter har rättats, och med de rättade uppgifterna finns det inget skäl för larmet."
_NO_LONGER = "Tidigare mejl om larmet gäller inte längre."
_AGAIN = "Ett nytt larm går om planens villkor för larm uppfylls på nytt."

TURNS: dict[Turn, Telling] = {
    "raised": Telling(
        "{unit}: {metric} {told} – {side} planens gräns {limit}{only}",
        "{side_first} planens gräns: {metric}",
        ("Värdet har legat {side} gränsen sedan den {since}, i {lasted} [dag|dagar].", _HOLD, _MONTHS),
    ),
    "raised_at_once": Telling(
        "{unit}: {metric} {told} – {side} planens gräns {limit}{only}",
        "{side_first} planens gräns: {metric}",
        ("Värdet ligger {side} gränsen från och med den {since}.", _HOLD, _MONTHS),
    ),
    "raised_before": Telling(
        "{unit}: {metric} {told} – {side} planens gräns {limit}{only}",
        "{side_first} planens gräns: {metric}",
        ("{value_is}, {side} gränsen {limit}.", _SINCE, _RAISED, _HOLD),
    ),
    "raised_fallen_back": Telling(
        "{unit}: {metric} {told} – inte längre {side} planens gräns {limit}, men larmet kvarstår{only}",
        "Har legat {side} planens gräns: {metric}",
        (
            "{value_is}, inte längre {side} gränsen {limit}.",
            "Nivån där larmet avslutas, {short_of}, är inte nådd.",
            "Larmet avslutas när värdet har varit {stays} i {clear_hold} [dag|dagar].",
            _SINCE,
            _RAISED,
            _HOLD,
        ),
    ),
    "raised_unseen": Telling(
        "{unit}: {metric} – larm enligt planen{only}",
        "Larm enligt planen: {metric}",
        ("Planens villkor för larm uppfylldes den {began}.",),
    ),
    "expected": Telling(
        "Förvarning för {on}: {unit}, {metric} {value} – {side} planens gräns {limit}{only}",
        "Väntas hamna {side} planens gräns: {metric}",
        (_AHEAD, *_TODAY),
    ),
    "expected_fallen_back": Telling(
        "Förvarning för {on}: {unit}, {metric} {value} – inte längre {side} planens gräns {limit},"
        " men förvarningen kvarstår{only}",
        "Har väntats hamna {side} planens gräns: {metric}",
        (
            _AHEAD,
            "Det väntade värdet är inte längre {side} gränsen {limit}.",
            "Nivån där förvarningen upphör, {short_of}, är inte nådd.",
            "När förvarningen gick, den {began}, väntades {raised_with}.",
            *_TODAY,
        ),
    ),
    "expected_unseen": Telling(
        "{unit}: {metric} – förvarning enligt planen{only}",
        "Förvarning enligt planen: {metric}",
        ("Planens villkor för förvarning uppfylldes den {began}.",),
    ),
    "resolved": Telling(
        "Åter inom planen: {unit}, {metric} {told}{only}",
        "Åter inom planen: {metric}",
        ("{value_is} och larmet är avslutat.", _LASTED, _RAISED_WITH),
    ),
    "resolved_then_beyond": Telling(
        "Larm avslutat, men åter {side} planens gräns {limit}: {unit}, {metric} {told}{only}",
        "Larmet avslutat, men åter {side} gränsen: {metric}",
        ("Larmet är avslutat.", _LASTED, _RAISED_WITH, "{value_is}, åter {side} gränsen {limit}.", _AGAIN),
    ),
    "resolved_unseen": Telling(
        "Larm avslutat: {unit}, {metric}{only}",
        "Larmet avslutat: {metric}",
        ("Larmet är avslutat.", _LASTED),
    ),
    "corrected": Telling(
        "Larm återkallat, uppgifter har rättats: {unit}, {metric}{only}",
        "Larmet återkallat: {metric}",
        (
            _CORRECTED,
            "Du behöver inte göra något.",
            _NO_LONGER,
            "Larmet gick vid {raised_with}; med rättade uppgifter är värdet {told}.",
        ),
    ),
    "corrected_but_beyond": Telling(
        "Larm återkallat, uppgifter har rättats: {unit}, {metric}{only}",
        "Larmet återkallat: {metric}",
        (_CORRECTED, _NO_LONGER, "{value_is}, {side} gränsen {limit}.", _AGAIN),
    ),
}
