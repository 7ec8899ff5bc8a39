"""The mail in Swedish."""

from services.alerts.domain.message_turns_sv import TURNS
from services.alerts.domain.message_words import Words

SV = Words(
    badge={
        "hold_met": "Larm",
        "expected_breach": "Förvarning",
        "resolved": "Avslutat",
        "data_corrected": "Återkallat",
    },
    severity={"info": "Information", "warning": "Varning", "critical": "Kritiskt"},
    side={"above": "över", "below": "under"},
    promise={"above": "högst {limit}", "below": "minst {limit}"},
    turns=TURNS,
    value_now="Värdet är nu {value}",
    value_then="Det senaste värdet, från den {on}, är {value}",
    value_of_months="Värdet för {months} är {value}",
    hidden="Gruppen är för liten för att värdet ska få visas.",
    missing="Det finns inget värde den {on}: det fanns ingen kvar att räkna.",
    missing_months="Det finns inget värde för {months}: det fanns ingen kvar att räkna.",
    window="{window} [dag|dagar]",
    up_to="{window} [dag|dagar] till och med den {on}",
    months="tolv månader till och med den {until}",
    every_occupation="alla yrken",
    everywhere="Hela kommunen",
    value_on="den {on}",
    value_expected_on="väntas den {on}",
    value_over_months="under {months}",
    limit="Planens gräns",
    limit_ends={
        "hold_met": "{promise}; larmet avslutas {clear_side} {clear}",
        "expected_breach": "{promise}; förvarningen upphör {clear_side} {clear}",
    },
    people="Vad talet bygger på",
    chance="Kan det vara slump?",
    chance_can=(
        "Ja. I en grupp av den här storleken kan slumpen ensam ge värdet: 95‑procentsintervallet är {interval}"
        " och omfattar gränsen {limit}. Se larmet som en tidig signal, inte som ett bevis."
    ),
    chance_cannot=(
        "Nej. Slumpen är ingen förklaring: hela 95‑procentsintervallet, {interval}, ligger {side} gränsen {limit}."
    ),
    chance_unknown="Inte bedömt: för det här måttet beräknas inget intervall.",
    weak="Underlaget är litet, så läs talet med försiktighet.",
    interval="95‑procentsintervall",
    measures={
        "hold_met": "Det här ska göras enligt planen",
        "expected_breach": "Det här ska göras enligt planen",
        "resolved": "Planens åtgärder",
    },
    no_measure="Planen anger ingen åtgärd för det här målet.",
    owner="Ansvarig: {owner}",
    due="klart senast den {due}",
    date_passed="datumet har passerat",
    cost="kostar {cost} kr",
    decision={"pending": "väntar på budgetbeslut", "decided": "budgeten är beslutad"},
    trial="på prov från den {first} till och med den {last}",
    trial_until="på prov till och med den {last}",
    trial_over="provtiden är slut: dags att utvärdera",
    progress={
        "planned": "planerad sedan den {since}",
        "started": "påbörjad den {since}",
        "done": "genomförd den {since}",
        "cancelled": "inställd den {since}",
    },
    open="Visa larmet",
    plan="{plan_title} ({plan}), version {version}, mål {target}.",
    definition="Definition {definition}, {period}.",
    decided="Bedömt den {decided} ({zone}).",
    why_me=(
        "Skickas automatiskt av Stadga till planens mottagare {recipient}."
        " Talen gäller gruppen, aldrig en enskild person."
    ),
    summary_badge="Samlat",
    summary_subject="{n} [besked|besked] till från Stadga i ett mejl",
    summary_headline="{n} [besked|besked] till",
    summary_where="Samlat i ett mejl",
    summary_lead=(
        "Så många larm har ändrats på kort tid att de inte skickas vart för sig: ingen får fler än {mails} mejl i"
        " timmen. Det här mejlet ersätter {n} [besked|besked]. Inget är borta: alla larm, med värden och orsaker, finns"
        " där knappen leder."
    ),
    summary_others="och {n} [enhet|enheter] till",
    summary_open="Visa alla larm",
)
