"""Who is hidden: no health number of ten people or fewer leaves the service, no pulse of six answers or fewer,
nor any that gives one away.

What is hidden in a month is decided among all groups that can be asked for, from that month's people alone. So it is
the same whoever asks, for whatever group and metric, and in every channel.
"""

from collections.abc import Collection, Sequence

import numpy as np
from scipy.sparse import csc_array, vstack

from services.metrics.domain.disclosure.giveaways import Census, census, complemented, giveaways, remainders
from services.metrics.domain.facts.measures import FIRST_ENTRY_BIN, FIRST_PAY_BIN, OF_PAY, Measure, family
from services.metrics.domain.sums.kernels import Ints
from services.metrics.domain.sums.linked_tables import LinkedTables, Mask
from shared.contracts.catalogue import BY_NAME

SMALL_GROUP = 10
"""The statute forbids figures on groups of at most ten employees (SFS 2002:1065)."""
FEW_ANSWERS = 6
"""Of so many who answered, or fewer, no pulse is told: somebody could be recognised."""

FALLS_WITH: dict[int, str] = {
    **dict.fromkeys((Measure.sick_fte, Measure.scheduled_fte, Measure.sick_day60_fte), "sick_rate"),
    **dict.fromkeys((Measure.first59_fte_days, Measure.first59_fte_days_year_before), "long_sick_share_live"),
    **dict.fromkeys((Measure.sick_spells, Measure.short_spells), "short_spell_rate"),
    **dict.fromkeys((Measure.worked_hours, Measure.overtime_hours), "overtime_share"),
    Measure.documentation_hours: "documentation_share",
    Measure.client_hours: "client_time_share",
    **dict.fromkeys((Measure.personnel_cost, Measure.agency_cost), "agency_cost_share"),
    Measure.leavers_own_request: "leaver_rate_own_request",
    Measure.leavers_retirement: "leaver_rate_own_request",
    Measure.leavers_other: "leaver_rate_own_request",
    Measure.incidents: "incident_rate",
    Measure.serious_incidents: "serious_incident_rate",
    Measure.threats: "threat_rate",
    Measure.violence: "violence_rate",
    Measure.overtime_capped: "overtime_capped_share",
    Measure.study_fte: "study_share",
    Measure.study_quarter_fte: "study_quarter_share",
    **dict.fromkeys((Measure.bonus_receivers, Measure.bonus_cost), "bonus_cost"),
    Measure.referral_bonuses: "referral_bonuses",
    Measure.experience_bonuses: "experience_bonuses",
    Measure.other_bonuses: "experience_bonuses",
    Measure.pulse_score: "pulse_score",
    Measure.pulse_negative: "pulse_negative_share",
    **dict.fromkeys((Measure.pulse_answers, Measure.pulse_invited), "pulse_response_rate"),
    **dict.fromkeys(OF_PAY, "pay_gap"),
    FIRST_PAY_BIN: "pay_p90_p10",
    FIRST_ENTRY_BIN: "entry_pay_median",
}
"""The metric that each measure would give away; bins, as the first of their kind, the one that takes most people."""

BY_MONTH = {measure: kind for measure, metric in FALLS_WITH.items() if (kind := BY_NAME[metric].by_month)}
"""What is told of whole months alone, and by which count it is decided."""


def decided(tables: LinkedTables, heads: Ints, there: Mask, limit: int, others: Sequence[LinkedTables] = ()) -> Mask:
    """What is hidden in a month: what is small, what complements it, and what would give away either all the same.

    ``heads`` are each cell's fewest permanent staff of any day, ``there`` whether anybody was in it on any; of a pulse,
    those who answered, and whether anybody was asked. ``others`` are the same cells in other unit trees: what is small
    in one of these may not be given away either.
    """
    counted = census(tables, heads, there, limit)
    elsewhere = [_small(one, census(one, heads, there, limit)) for one in others]
    secrets = vstack([_small(tables, counted), *elsewhere], format="csc")
    hidden = ~tables.askable | counted.small
    while True:
        hidden = complemented(tables, counted, hidden)
        more = remainders(tables, counted, hidden)
        if not len(more) and not len(more := giveaways(tables, counted, hidden, secrets)):
            return hidden
        hidden[more] = True


def _small(tables: LinkedTables, counted: Census) -> csc_array:
    return tables.members[np.flatnonzero(counted.there & counted.small)]


def shows(measure: int, hidden: Collection[str]) -> bool:
    """Whether a measure of a group may be shown, of which these metrics are hidden."""
    return FALLS_WITH.get(family(measure)) not in hidden
