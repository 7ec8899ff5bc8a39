"""The mail in English."""

from services.alerts.domain.message_turns_en import TURNS
from services.alerts.domain.message_words import Words

EN = Words(
    badge={
        "hold_met": "Alert",
        "expected_breach": "Advance warning",
        "resolved": "Resolved",
        "data_corrected": "Withdrawn",
    },
    severity={"info": "Information", "warning": "Warning", "critical": "Critical"},
    side={"above": "above", "below": "below"},
    promise={"above": "at most {limit}", "below": "at least {limit}"},
    turns=TURNS,
    value_now="The value is now {value}",
    value_then="The latest value, of {on}, is {value}",
    value_of_months="The value for the {months} is {value}",
    hidden="The group is too small for its value to be shown.",
    missing="There is no value on {on}: no one was left to count.",
    missing_months="There is no value for the {months}: no one was left to count.",
    window="{window} [day|days]",
    up_to="{window} [day|days] up to and including {on}",
    months="twelve months to {until}",
    every_occupation="all occupations",
    everywhere="The whole municipality",
    value_on="on {on}",
    value_expected_on="expected on {on}",
    value_over_months="over the {months}",
    limit="The plan's limit",
    limit_ends={
        "hold_met": "{promise}; the alert ends {clear_side} {clear}",
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
    chance_unknown="Not judged: no interval is calculated for this metric.",
    weak="The basis is small, so read the number with care.",
    interval="95% interval",
    measures={
        "hold_met": "What the plan says should be done",
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
    },
    open="See the alert",
    plan="{plan_title} ({plan}), version {version}, target {target}.",
    definition="Definition {definition}, {period}.",
    decided="Assessed on {decided} ({zone}).",
    why_me=(
        "Sent automatically by Stadga to the plan's recipient {recipient}."
        " The numbers describe a group, never one person."
    ),
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
)
