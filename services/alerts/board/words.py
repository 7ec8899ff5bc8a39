"""The words of the board's pages; one filled table per language (sv, en). What mails say too is said in their words."""

import msgspec

from services.alerts.domain.alert.telling import ViewState
from services.alerts.domain.neglect.finding import Neglect
from shared.contracts.alerts import HandlingKind, Reason


class BoardWords(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the pages say in one language, apart from names and numbers; patterns are those of ``phrase``."""

    other_language: str
    skip: str
    menu: str
    my_unit: str
    promises: str
    plans: str
    data: str
    accessibility: str
    metrics_away: str
    as_of: str
    no_values_yet: str
    none: str
    show: str
    table: str
    day: str
    unit: str
    units: str
    metric: str
    state: str
    since: str
    value: str
    limit: str
    interval: str
    plan: str
    status: str
    everywhere: str
    note: str

    states: dict[ViewState, str]
    """What a promise's state is called."""
    meaning: dict[ViewState, str]
    reasons: dict[Reason, str]
    """What happened at a step."""
    no_number: dict[str, str]
    """Why there is no number, by the status of a value."""

    firing_beyond: str
    firing_back: str
    pending: str
    recovering: str
    expected: str
    within: str
    not_judged: str
    by_rule: str
    since_day: str
    since_at_least: str
    at_least_since: str
    lingers: str
    stale: str
    chance_no: str
    chance_yes: str
    chance_count: str
    chance_months: str
    months_ordinary: str
    months_special: str
    months_few: str
    trend: str
    trend_of: str
    actions: str
    no_actions: str
    ahead: str
    ahead_lead: str
    ahead_of_health: str
    days_ahead: str
    beyond: str
    read_more: str
    unit_lead: str
    unit_all_well: str
    unit_none: str
    closed_unit: str
    above_unit: str
    below_unit: str
    find_unit_label: str
    find: str
    found_none: str
    choose_unit: str

    promises_lead: str
    filter: str
    all: str
    unit_holds: str
    sort_by: str
    page_of: str
    previous: str
    next: str
    no_rows: str
    back_to_all: str

    alert_of: str
    story: str
    story_lead: str
    noticed: str
    noticed_value: str
    no_steps: str
    values_by_day: str
    values_by_day_label: str
    days_how: str
    who_was_told: str
    who_lead: str
    nobody_told: str
    recipient: str
    about: str
    delivered: str
    when: str
    mail_states: dict[str, str]
    webhook_taken: str
    mail_reasons: dict[str, str]
    behind: str
    promise: str
    ends_when: str
    whole_history: str

    handling: str
    handling_lead: str
    until_day: str
    is_acknowledged: str
    is_assigned: str
    is_snoozed: str
    is_escalated: str
    acknowledge: str
    acknowledge_lead: str
    acknowledge_button: str
    unacknowledge_button: str
    assign: str
    assign_button: str
    assign_to: str
    comment: str
    comment_lead: str
    comment_button: str
    snooze: str
    snooze_lead: str
    snooze_until: str
    snooze_why: str
    snooze_button: str
    unsnooze_button: str
    until_optional: str
    note_optional: str
    done_before: str
    nothing_done: str
    kinds: dict[HandlingKind, str]
    order_refused: str
    order_misdated: str
    order_unwritten: str
    order_elsewhere: str
    by_service: str
    somebody: str
    """Of whom no name is known: whoever reaches a service that nobody signs in to."""

    plans_lead: str
    no_plans: str
    plan_version: str
    plan_actions: str
    no_plan_actions: str
    action: str
    owner: str
    due: str
    budget: str
    budgets: dict[str, str]
    progress: dict[str, str]
    no_progress: str
    set_status: str
    set_status_lead: str
    set_status_button: str
    status_history: str
    status_unwritten: str
    by: str
    cost: str
    should_move: str
    overdue: str
    neglects: dict[Neglect, str]
    link_over: str
    targets: str
    notify: str
    versions: str
    version: str
    versions_lead: str
    compare: str
    from_day: str
    to_day: str
    change: str
    same_versions: str
    unreadable: str

    try_limit: str
    try_limit_title: str
    try_limit_lead: str
    try_limit_ends: str
    try_limit_local: str
    try_limit_unreadable: str
    try_limit_pointless: str
    try_limit_away: str
    try_limit_many: str
    try_limit_nobody: str
    try_limit_days: str
    try_limit_sure: str
    try_limit_own: str
    try_limit_other: str
    try_limit_sums: str
    try_limit_when: str
    try_limit_none_of: str
    try_limit_strip: str
    try_limit_strip_how: str
    try_limit_spell: str
    try_limit_open: str
    try_limit_mails: str
    no_target: str

    metric_of: str
    choose_metric: str
    chart_label: str
    chart_how: str
    chart_begun: str
    chart_away: str
    chart_none: str
    chart_unfit: str
    month: str
    mark: str
    on_trial: str
    definition: str
    definition_id: str
    source: str
    known_from: str
    fresh_until: str
    fresh: str
    measured_over: str
    siblings: str
    siblings_lead: str

    data_lead: str
    sources: str
    no_sources: str
    kind: str
    cadence: str
    told_until: str
    is_late: str
    in_time: str
    dropped: str
    contact: str
    unknown_units: str
    deliveries: str
    deliveries_lead: str
    no_deliveries: str
    arrived: str
    arrived_of: str
    held_until: str
    given_up: str
    refused: str
    refused_lead: str
    no_refused: str
    not_whole: str
    put_aside: dict[str, str]
    count: str
    last: str
    anomalies: str
    no_anomalies: str
    hidden: str
    hidden_lead: str
    no_hidden: str
    why: str
    mails: str

    leaving: str
    leaving_lead: str
    leaving_no_link: str
    left: str
    left_lead: str

    sign_out: str

    access_log: str
    access_log_lead: str
    from_the_day: str
    to_the_day: str
    who: str
    way: str
    ways: dict[str, str]
    looked_at: str
    answered: str
    answered_look: str
    refused_look: str
    as_file: str
    latest: str
    earlier: str
    no_looks: str

    not_found: str
    no_unit: str
    no_promise: str
    no_plan: str
    no_evaluation: str
    evaluation: str
    no_metric: str
    no_page: str
    meant: str
    wrong_question: str
    not_allowed: str
    away: str
    away_lead: str
    to_start: str

    statement: tuple[tuple[str, tuple[str, ...]], ...]
    """The accessibility statement: headings, each with its paragraphs."""
    report_faults: str
    report_to: str
    report_authority: str
