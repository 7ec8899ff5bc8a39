"""The mail in Swedish."""

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
    subject={
        "hold_met": "{unit}: {metric} {value} – {side} planens gräns {limit}{only}",
        "expected_breach": "Förvarning för {on}: {unit}, {metric} {value} – {side} planens gräns {limit}{only}",
        "resolved": "Åter inom planen: {unit}, {metric} {value}{only}",
        "data_corrected": "Larm återkallat, uppgifter har rättats: {unit}, {metric}{only}",
    },
    subject_without_value={
        "hold_met": "{unit}: {metric} – larm enligt planen{only}",
        "expected_breach": "{unit}: {metric} – förvarning enligt planen{only}",
        "resolved": "Larm avslutat: {unit}, {metric}{only}",
        "data_corrected": "Larm återkallat, uppgifter har rättats: {unit}, {metric}{only}",
    },
    headline={
        "hold_met": "{side_first} planens gräns: {metric}",
        "expected_breach": "Väntas hamna {side} planens gräns: {metric}",
        "resolved": "Åter inom planen: {metric}",
        "data_corrected": "Larmet återkallat: {metric}",
    },
    headline_without_value={
        "hold_met": "Larm enligt planen: {metric}",
        "expected_breach": "Förvarning enligt planen: {metric}",
        "resolved": "Larmet avslutat: {metric}",
        "data_corrected": "Larmet återkallat: {metric}",
    },
    lead={
        "hold_met": "Värdet har legat {side} gränsen sedan den {since}, i {lasted} [dag|dagar].",
        "expected_breach": (
            "Det som redan är registrerat, till exempel avgångar och anställningar med datum, ger {value}"
            " den {on}, om {ahead} [dag|dagar]."
        ),
        "resolved": (
            "Värdet är nu {value} och larmet är avslutat. Det varade i {lasted} [dag|dagar],"
            " från den {since} till den {on}."
        ),
        "data_corrected": (
            "Uppgifter har rättats, och med de rättade uppgifterna finns det inget skäl för larmet."
            " Du behöver inte göra något. Tidigare mejl om larmet gäller inte längre."
        ),
    },
    lead_without_value={
        "hold_met": "Planens villkor för larm är uppfyllt sedan den {since}.",
        "expected_breach": "Det som redan är registrerat uppfyller planens villkor för förvarning den {on}.",
        "resolved": "Larmet är avslutat. Det varade i {lasted} [dag|dagar], från den {since} till den {on}.",
        "data_corrected": (
            "Uppgifter har rättats, och med de rättade uppgifterna finns det inget skäl för larmet."
            " Du behöver inte göra något. Tidigare mejl om larmet gäller inte längre."
        ),
    },
    lead_same_day="Värdet ligger {side} gränsen från och med den {since}.",
    holds="Planen larmar efter {hold} [dag|dagar].",
    today_is="I dag är värdet {present}, så det finns fortfarande tid att agera.",
    raised_with="När larmet gick var värdet {raised_with}.",
    corrected_value="Larmet gick vid {raised_with}; med rättade uppgifter är värdet {value}.",
    hidden="Gruppen är för liten för att värdet ska få visas.",
    missing="Det finns inget värde den {on}: det fanns ingen kvar att räkna.",
    every_occupation="alla yrken",
    everywhere="Hela kommunen",
    value_on="den {on}",
    value_expected_on="väntas den {on}",
    limit="Planens gräns",
    limit_ends="{promise}; larmet avslutas {clear_side} {clear}",
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
    overdue="försenad",
    measure_status={"planned": "planerad", "ongoing": "pågår", "done": "klar", "stopped": "avbruten"},
    open="Visa larmet",
    plan="{plan_title} ({plan}), version {version}, mål {target}.",
    definition="Definition {definition}, {window} [dag|dagar] till och med den {on}.",
    decided="Bedömt den {decided} ({zone}).",
    why_me=(
        "Skickas automatiskt av Stadga till planens mottagare {recipient}."
        " Talen gäller gruppen, aldrig en enskild person."
    ),
)
