"""The mail in English."""

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
    subject={
        "hold_met": "{unit}: {metric} {value} – {side} the plan's limit of {limit}{only}",
        "expected_breach": "Warning for {on}: {unit}, {metric} {value} – {side} the plan's limit of {limit}{only}",
        "resolved": "Back within the plan: {unit}, {metric} {value}{only}",
        "data_corrected": "Alert withdrawn, data corrected: {unit}, {metric}{only}",
    },
    subject_without_value={
        "hold_met": "{unit}: {metric} – alert under the plan{only}",
        "expected_breach": "{unit}: {metric} – advance warning under the plan{only}",
        "resolved": "Alert closed: {unit}, {metric}{only}",
        "data_corrected": "Alert withdrawn, data corrected: {unit}, {metric}{only}",
    },
    headline={
        "hold_met": "{side_first} the plan's limit: {metric}",
        "expected_breach": "Expected {side} the plan's limit: {metric}",
        "resolved": "Back within the plan: {metric}",
        "data_corrected": "Alert withdrawn: {metric}",
    },
    headline_without_value={
        "hold_met": "Alert under the plan: {metric}",
        "expected_breach": "Advance warning under the plan: {metric}",
        "resolved": "Alert closed: {metric}",
        "data_corrected": "Alert withdrawn: {metric}",
    },
    lead={
        "hold_met": "The value has been {side} the limit since {since}, for {lasted} [day|days].",
        "expected_breach": (
            "What is already registered, such as dated departures and starts, gives {value} on {on},"
            " {ahead} [day|days] from now."
        ),
        "resolved": (
            "The value is now {value} and the alert is over. It lasted {lasted} [day|days], from {since} to {on}."
        ),
        "data_corrected": (
            "Data has been corrected, and with the corrected data there is no reason for this alert."
            " There is nothing you need to do; earlier mail about it no longer applies."
        ),
    },
    lead_without_value={
        "hold_met": "The plan's condition for an alert has been met since {since}.",
        "expected_breach": "What is already registered meets the plan's condition for an advance warning on {on}.",
        "resolved": "The alert is over. It lasted {lasted} [day|days], from {since} to {on}.",
        "data_corrected": (
            "Data has been corrected, and with the corrected data there is no reason for this alert."
            " There is nothing you need to do; earlier mail about it no longer applies."
        ),
    },
    lead_same_day="The value is {side} the limit as of {since}.",
    holds="The plan alerts after {hold} [day|days].",
    today_is="Today the value is {present}, so there is still time to act.",
    raised_with="When the alert was raised, the value was {raised_with}.",
    corrected_value="The alert was raised with {raised_with}; with corrected data the value is {value}.",
    hidden="The group is too small for its value to be shown.",
    missing="There is no value on {on}: no one was left to count.",
    every_occupation="all occupations",
    everywhere="The whole municipality",
    value_on="on {on}",
    value_expected_on="expected on {on}",
    limit="The plan's limit",
    limit_ends="{promise}; the alert ends {clear_side} {clear}",
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
    overdue="overdue",
    measure_status={"planned": "planned", "ongoing": "ongoing", "done": "done", "stopped": "stopped"},
    open="See the alert",
    plan="{plan_title} ({plan}), version {version}, target {target}.",
    definition="Definition {definition}, {window} [day|days] up to and including {on}.",
    decided="Assessed on {decided} ({zone}).",
    why_me=(
        "Sent automatically by Stadga to the plan's recipient {recipient}."
        " The numbers describe a group, never one person."
    ),
)
