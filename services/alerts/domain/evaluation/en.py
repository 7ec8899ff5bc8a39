"""Evaluations in English."""

from services.alerts.domain.evaluation.words import EvaluationWords

EN = EvaluationWords(
    title="{measure}: did it help?",
    question="{metric}, in {units}, from {start}.",
    verdicts={
        "improved": "Improved",
        "not_shown": "Not shown",
        "worsened": "Worsened",
        "cannot_be_told": "Cannot be told",
    },
    leads={
        "improved": "It became better, by more than chance explains.",
        "not_shown": "No change is shown, although one worth having would have been seen.",
        "worsened": "It became worse, by more than chance explains.",
        "cannot_be_told": "There is no answer to whether it helped.",
    },
    lead_as_much="No effect is shown: it changed, but as much elsewhere.",
    because={
        "not_over": "The months after are not over, or not yet known: they end on {until}.",
        "not_known": "Some of the months before or after are not known.",
        "small_group": "The group is too small in some of the months to be told of without recognising anybody.",
        "nothing_to_count": "There was nothing to measure before or after.",
        "no_comparison": "It takes two other units or more, that do not change exactly alike, to know how much"
        " values change by themselves.",
        "chosen_afterwards": "How to evaluate it was written, or changed, after the start: months and metrics that are"
        " chosen when the outcome is known can show anything.",
        "another_action": "Something else began at the same time in the same units: {others}. Which of them had an"
        " effect cannot be told.",
        "too_few": "There is too little to go by: even the smallest change worth having would hardly have been seen.",
        "as_much_elsewhere": "Other units without the action changed as much.",
    },
    caveats={
        "one_unit": "It is one unit alone: what else happened there can be the cause as well as the action.",
        "nothing_beside": "There is no unit without the action to compare with: whatever happened everywhere at the"
        " same time is in the number, too.",
        "clustered": "Events come several at a time, as when somebody reports many on a day. So they weigh as the fewer"
        " occasions that they are, and the interval is wider.",
        "begun_beside": "In some of the units beside something else began at the same time: {beside}. What it did"
        " there is in the comparison, too.",
        "worst_before": "Picked because it was worst: it had the worst value of all before, and such units come back"
        " towards the others by themselves.",
        "few_others": "There are fewer than nineteen units to compare with: how often others change as much is not well"
        " known.",
        "left_out": "Not compared with, because some of their months are hidden or not known: {left_out}.",
        "version_unknown": "Whether this was written before the start is not known here.",
    },
    worst_together="Picked because they were worst: they had the worst values of all before, and such units come back"
    " towards the others by themselves.",
    earlier="An earlier answer, of {day}, was: {verdict}. Now it is: {now}. Events came late, or were put right.",
    as_given="This is the answer as it was given on {day}: the metrics service does not answer now.",
    windows="Before: {before}. After: {after}.",
    rates="From {before} to {after} a year",
    values="From {before} to {after}",
    counts=" ({count_before} before, {count_after} after)",
    beside_rates="; in the units beside from {before} to {after}",
    alone="Before and after alone: {effect}.",
    fell="a fall of {effect} (95% interval {low} to {high})",
    rose="a rise of {effect} (95% interval {low} to {high})",
    times="{effect} times what it was (95% interval {low} to {high})",
    unending="{low} times what it was or more (95% interval)",
    lower="{effect} lower (95% interval {low} to {high})",
    higher="{effect} higher (95% interval {low} to {high})",
    spans_ratio="anything between {low} and {high} times what it was goes with the numbers, no change included",
    spans_difference="anything from {low} to {high} goes with the numbers, no change included",
    less="{size} lower",
    more="{size} higher",
    unbounded="any number",
    beside="Compared with the units beside: {effect}.",
    before_after="Before and after: {effect}.",
    likewise="{as_much} of {units} [unit|units] without the action changed as much.",
    seen_fall="A fall of {seen} would have been seen, in four cases of five.",
    seen_rise="A rise of {seen} would have been seen, in four cases of five.",
    seen_nothing="Not even a fall to nothing would surely have been seen.",
    seen_difference="A difference of {seen} would have been seen, in four cases of five.",
    worth="The smallest change worth having was said to be {smallest}.",
    second="A second opinion, apart from trend and season: {effect}.",
    staying="By how long each had been there, whatever they left for: {left} left after, where {expected} would have if"
    " before and after were alike.",
    staying_chance="Chance alone makes such a difference in {p} of cases.",
    staying_hardly="Chance alone makes such a difference in fewer than one case of a hundred.",
    stayed_a_year="Of those who began, {before} were still there after a year before, and {after} after.",
    points="percentage points",
    picture_before="before",
    picture_after="after",
    picture_washed="wash-in",
    picture_acted="with the action",
    picture_compared="without it",
    picture_unit="each unit without it (three-month means)",
    and_more="{names} and {n} more",
    foot="Stadga, {definition}. Known to {known_to}. A change at the same time is no proof of a cause.",
)
