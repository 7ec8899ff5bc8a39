"""The mail in English."""

from services.alerts.domain.alert.occasion import FOLLOWING
from services.alerts.domain.alert.telling import EVERYWHERE
from services.alerts.domain.letter.turn import Turn, TurnText
from services.alerts.domain.letter.words import MailWords

_SINCE = (
    "The value went {side} the limit on {since}.",
    "The value went {side} the limit on {since_at_least} at the latest: {day_before}.",
)
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
_LASTED = (
    "It lasted {lasted} [day|days], from {since} to {ended}.",
    "It lasted at least {lasted} [day|days], at least since {since_at_least} and to {ended}.",
)
_RAISED_WITH = "When the alert was raised, the value was {raised_with}."
_CORRECTED = "Data has been corrected, and with the corrected data there is no reason for this alert."
_NO_LONGER = "Earlier mail about it no longer applies."
_RESTATED = "For {on} you were told {before} before."
_RESTATED_TO = "With what is known now the value is {told}, {side} the plan's limit of {limit}."
_RESTATED_WITHIN = "With what is known now the value is {told}, not {side} the plan's limit of {limit}."
_OUTSIDE = "That lies outside the 95% interval you were told then, {interval_before}."
_STANDS = "{stands}"
_ENDED = "The alert ended on {ended}."
_LATE = "The usual reason is that data came in late or were corrected."
_AGAIN = "A new alert is raised if the plan's condition for one is met again."
_MOVED = "The plan's limit has moved from {promise_before} to {promise}."
_STILL = (
    "The value is unchanged, {unmoved}.",
    "The value is {moved_to}.",
    "The value is {moved_now}; you were last told {told_before}.",
)

_NOW = (
    "{value_beyond}, {side} the limit of {limit}.",
    "{value_within}, no longer {side} the limit of {limit}, but the alert goes on.",
)
_BEFORE = "You were last told {value_before}."
_ASSIGNED = "The alert is assigned to {assigned}."

TURNS: dict[Turn, TurnText] = {
    "escalated": TurnText(
        "Nobody has acknowledged the alert for {unattended} working [day|days]: {unit}, {metric}{only}",
        "An alert that nobody has acknowledged: {metric}",
        (
            "The alert went to {told_to} on {told_on}, and nobody has acknowledged it for {unattended}"
            " working [day|days]. So it comes to you, as the plan says.",
            _ASSIGNED,
            *_NOW,
            *_SINCE,
        ),
    ),
    "snooze_ended": TurnText(
        "The snooze is over and the alert goes on: {unit}, {metric}{only}",
        "The alert goes on after the snooze: {metric}",
        ("{by} snoozed the alert until {by_until}, for the reason “{note}”.", *_NOW, _BEFORE, *_SINCE, _ASSIGNED),
    ),
    "reminded": TurnText(
        "Reminder, the alert has gone on for {lasted} [day|days]: {unit}, {metric}{only}",
        "The alert still goes on: {metric}",
        (*_NOW, _BEFORE, *_SINCE, "{taken}", _ASSIGNED),
    ),
    "raised": TurnText(
        "{unit}: {metric} {told} – {side} the plan's limit of {limit}{only}",
        "{side_first} the plan's limit: {metric}",
        (
            "The value has been {side} the limit since {since}, for {lasted} [day|days].",
            "The value has been {side} the limit at least since {since_at_least}, for at least {lasted} [day|days]:"
            " {day_before}.",
            _HOLD,
            _MONTHS,
        ),
    ),
    "raised_at_once": TurnText(
        "{unit}: {metric} {told} – {side} the plan's limit of {limit}{only}",
        "{side_first} the plan's limit: {metric}",
        (
            "The value is {side} the limit as of {since}.",
            "The value is {side} the limit at least since {since_at_least}: {day_before}.",
            _HOLD,
            _MONTHS,
        ),
    ),
    "raised_before": TurnText(
        "{unit}: {metric} {told} – {side} the plan's limit of {limit}{only}",
        "{side_first} the plan's limit: {metric}",
        ("{value_is}, {side} the limit of {limit}.", *_SINCE, _RAISED, _HOLD),
    ),
    "raised_fallen_back": TurnText(
        "{unit}: {metric} {told} – no longer {side} the plan's limit of {limit}, but the alert goes on{only}",
        "Has been {side} the plan's limit: {metric}",
        (
            "{value_is}, no longer {side} the limit of {limit}.",
            "The level that ends the alert, {short_of}, is not reached.",
            "The alert ends when the value has been {stays} for {clear_hold} [day|days].",
            *_SINCE,
            _RAISED,
            _HOLD,
        ),
    ),
    "raised_unseen": TurnText(
        "{unit}: {metric} – alert under the plan{only}",
        "Alert under the plan: {metric}",
        ("The plan's condition for an alert was met on {began}.",),
    ),
    "expected": TurnText(
        "Warning for {on}: {unit}, {metric} {value} – {side} the plan's limit of {limit}{only}",
        "Expected {side} the plan's limit: {metric}",
        (_MOVED, _AHEAD, *_TODAY),
    ),
    "expected_fallen_back": TurnText(
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
    "expected_unseen": TurnText(
        "{unit}: {metric} – advance warning under the plan{only}",
        "Advance warning under the plan: {metric}",
        ("The plan's condition for an advance warning was met on {began}.",),
    ),
    "resolved": TurnText(
        "Back within the plan: {unit}, {metric} {told}{only}",
        "Back within the plan: {metric}",
        ("{value_is} and the alert is over.", *_LASTED, _RAISED_WITH),
    ),
    "resolved_then_beyond": TurnText(
        "Alert closed, but {side} the plan's limit of {limit} again: {unit}, {metric} {told}{only}",
        "Alert closed, but {side} the limit again: {metric}",
        ("The alert is over.", *_LASTED, _RAISED_WITH, "{value_is}, {side} the limit of {limit} again.", _AGAIN),
    ),
    "resolved_unseen": TurnText(
        "Alert closed: {unit}, {metric}{only}",
        "Alert closed: {metric}",
        ("The alert is over.", *_LASTED),
    ),
    "corrected": TurnText(
        "Alert withdrawn, data corrected: {unit}, {metric}{only}",
        "Alert withdrawn: {metric}",
        (
            _CORRECTED,
            "There is nothing you need to do.",
            _NO_LONGER,
            "The alert was raised with {raised_with}; with corrected data the value is {told}.",
        ),
    ),
    "corrected_but_beyond": TurnText(
        "Alert withdrawn, data corrected: {unit}, {metric}{only}",
        "Alert withdrawn: {metric}",
        (_CORRECTED, _NO_LONGER, "{value_is}, {side} the limit of {limit}.", _AGAIN),
    ),
    "raised_limit_moved": TurnText(
        "{unit}: {metric} {told} – {side} the plan's limit, which has moved to {limit}{only}",
        "The plan's limit has moved: {metric}",
        (
            _MOVED,
            *_STILL,
            "It has been {side} the new limit since {since}.",
            "It has been {side} the new limit at least since {since_at_least}: {day_before}.",
            _HOLD,
            _MONTHS,
        ),
    ),
    "limit_moved": TurnText(
        "Alert closed, the plan's limit has moved: {unit}, {metric}{only}",
        "The plan's limit has moved: {metric}",
        (_MOVED, *_STILL, "With the new limit there is no reason for the alert, which is over."),
    ),
    "limit_moved_but_beyond": TurnText(
        "Alert closed, the plan's limit has moved: {unit}, {metric}{only}",
        "The plan's limit has moved: {metric}",
        (_MOVED, "The alert is over.", "{value_is}, {side} the limit of {limit}.", _AGAIN),
    ),
    "restated": TurnText(
        "Corrected value: {unit}, {metric} {told}, not {before} – not {side} the plan's limit of {limit}{only}",
        "Corrected value: {metric}",
        (_RESTATED, _RESTATED_WITHIN, _OUTSIDE, _STANDS, _ENDED, _LATE),
    ),
    "restated_beyond": TurnText(
        "Corrected value: {unit}, {metric} {told}, not {before} – {side} the plan's limit of {limit}{only}",
        "Corrected value, {side} the plan's limit: {metric}",
        (_RESTATED, _RESTATED_TO, _OUTSIDE, _STANDS, _ENDED, _LATE),
    ),
}

EN = MailWords(
    badge={
        "escalated": "Not acknowledged",
        "snooze_ended": "Snooze is over",
        "reminded": "Reminder",
        "hold_met": "Alert",
        "expected_breach": "Advance warning",
        "resolved": "Resolved",
        "data_corrected": "Withdrawn",
        "limit_moved": "Resolved",
    },
    severity={"info": "Information", "warning": "Warning", "critical": "Critical"},
    side={"above": "above", "below": "below"},
    promise={"above": "at most {limit}", "below": "at least {limit}"},
    turns=TURNS,
    restated_badge="Corrected",
    restated=f"{_RESTATED} {_LATE}",
    stands={"hold_met": "The alert goes on.", "expected_breach": "The warning goes on."},
    taken={
        "nobody": "Nobody has acknowledged the alert.",
        "open": "{by} has acknowledged the alert.",
        "until": "{by} has acknowledged the alert, until {by_until}.",
    },
    day_before={
        "unheard": "watching looks no further back",
        "no_data": "that is the first day that there is data for",
        "no_number": "there is no value of the day before",
    },
    value_now="The value is now {value}",
    value_then="The latest value, of {on}, is {value}",
    value_of_months="The value for the {months} is {value}",
    hidden="The group is too small for its value to be shown.",
    missing="There is no value on {on}: no one was left to count.",
    missing_months="There is no value for the {months}: no one was left to count.",
    unknown={
        "incomplete": (
            "The value is not known now: what it is made of does not reach far enough back.",
            "That is known from {known_from} on.",
            "The value can be calculated from {complete_from} on.",
        ),
        "not_reported": ("The value is not known now: no source reports what it is made of.",),
    },
    unfinished=(
        "Note: a delivery from {source} has not arrived as a whole, {arrived} [event|events] since {since}."
        " The value rests on what has arrived."
    ),
    unfinished_of=(
        "Note: a delivery from {source} has not arrived as a whole, {arrived} of {of} [event|events] since {since}."
        " The value rests on what has arrived."
    ),
    window="{window} [day|days]",
    up_to="{window} [day|days] up to and including {on}",
    months="twelve months to {until}",
    every_occupation="all occupations",
    parts={
        "f": "women",
        "m": "men",
        "x": "another gender",
        "-29": "29 and younger",
        "30-49": "30 to 49",
        "50-": "50 and older",
    },
    everywhere=EVERYWHERE["en"],
    value_on="on {on}",
    value_expected_on="expected on {on}",
    value_over_months="over the {months}",
    limit="The plan's limit",
    limit_ends={
        "hold_met": "{promise}; the alert ends {clear_side} {clear}",
        **dict.fromkeys(FOLLOWING, "{promise}; the alert ends {clear_side} {clear}"),
        "expected_breach": "{promise}; the warning ends {clear_side} {clear}",
    },
    people="What the number rests on",
    chance="Can it be chance?",
    chance_can=(
        "Yes. In a group of this size, chance alone can give this value: the 95% interval is {interval}"
        " and includes the limit of {limit}. Take the alert as an early sign, not as proof."
    ),
    chance_cannot=(
        "No. Chance is not an explanation: the whole 95% interval, {interval}, lies {side} the limit of {limit}."
    ),
    chance_unknown="It cannot be said: this value has no interval.",
    chance_months=(
        "The unit's control chart answers that; the link below leads to it. Months go up and down on their own; the"
        " latest is more than chance if it lies outside normal variation of the unit."
    ),
    chance_count=(
        "No. This is a count of all there is, so chance does not enter. Whether it is unusual for the unit is shown by"
        " its control chart."
    ),
    weak="The basis is small, so read the number with care.",
    interval="95% interval",
    measures={
        "hold_met": "What the plan says should be done",
        **dict.fromkeys(FOLLOWING, "What the plan says should be done"),
        "expected_breach": "What the plan says should be done",
        "resolved": "The plan's measures",
    },
    no_measure="The plan names no measure for this target.",
    owner="Owner: {owner}",
    due="due {due}",
    date_passed="the date has passed",
    cost="costs SEK {cost}",
    decision={"pending": "awaits a budget decision", "decided": "the budget is decided"},
    trial="on trial from {first} until {last}",
    trial_until="on trial until {last}",
    trial_over="the trial has ended: time to evaluate it",
    progress={
        "planned": "planned since {since}",
        "started": "started on {since}",
        "done": "done on {since}",
        "cancelled": "cancelled on {since}",
        "evaluated": "evaluated on {since}",
    },
    open="See the alert",
    plan="{plan_title} ({plan}), version {version}, target {target}.",
    definition="Definition {definition}, {period}.",
    decided="Assessed on {decided} ({zone}).",
    why_me=(
        "Sent automatically by Stadga to the plan's recipient {recipient}."
        " The numbers describe a group, never one person."
    ),
    opening_badge="Opening summary",
    opening_subject="Opening summary: {counts} {plan_title}",
    opening_counted={
        "outside": "{n} [value|values] already outside",
        "ahead": "{n} [value|values] expected to be outside",
    },
    opening_and=" and ",
    opening_headline="{counts} the plan",
    opening_lead=(
        "Watching under the plan began on {watch_from}. This was outside the plan's limits by then, or expected to be,"
        " so no alert is sent about each. What passes a limit later alerts as usual, and so does what ends and comes"
        " back."
    ),
    opening_state={
        "since": "{metric}{only} {value}, {side} the limit of {limit} since {day}",
        "since_at_least": "{metric}{only} {value}, {side} the limit of {limit} at least since {day}",
        "expected": "{metric}{only} is expected to be {value} on {day}, {side} the limit of {limit}",
    },
    opening_pending="not yet for as long as the plan asks before an alert",
    summary_badge="Summary",
    summary_subject="{n} more [notice|notices] from Stadga in one mail",
    summary_headline="{n} more [notice|notices]",
    summary_where="Collected in one mail",
    summary_lead=(
        "So many alerts have changed in a short time that they are not sent one by one: nobody gets more than {mails}"
        " mails an hour. This mail takes the place of {n} [notice|notices]. Nothing is lost: every alert, with values"
        " and reasons, is where the button leads."
    ),
    summary_others="and {n} more [unit|units]",
    summary_open="Show all alerts",
    bundle_badge="Several notices",
    counted={
        "escalated": "{n} [alert|alerts] that nobody has acknowledged",
        "snooze_ended": "{n} [alert that goes|alerts that go] on after a snooze",
        "reminded": "{n} [reminder|reminders]",
        "hold_met": "{n} [new alert|new alerts]",
        "expected_breach": "{n} [advance warning|advance warnings]",
        "data_corrected": "{n} [correction|corrections]",
        "limit_moved": "{n} [alert ended by a moved limit|alerts ended by moved limits]",
        "resolved": "{n} [alert that is over|alerts that are over]",
    },
    bundle_lead="Right now {open} [alert is|alerts are] open, in {units} of {watched} watched [unit|units].",
    bundle_plans="{n} action plans",
    bundle_same="The same figures are those of {units}, the only unit below {unit}.",
    bundle_below="{n} [unit|units] below {unit}, for the same reason:",
    bundle_others="{n} more [notice|notices] found no room here. They are where the button leads.",
)
