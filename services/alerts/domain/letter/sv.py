"""The mail in Swedish."""

from services.alerts.domain.alert.occasion import FOLLOWING
from services.alerts.domain.alert.telling import EVERYWHERE
from services.alerts.domain.letter.turn import Turn, TurnText
from services.alerts.domain.letter.words import MailWords

_SINCE = (
    "Värdet kom {side} gränsen den {since}.",
    "Värdet kom {side} gränsen senast den {since_at_least}: {day_before}.",
)
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
_LASTED = (
    "Det varade i {lasted} [dag|dagar], från den {since} till den {ended}.",
    "Det varade i minst {lasted} [dag|dagar], från åtminstone den {since_at_least} till den {ended}.",
)
_RAISED_WITH = "När larmet gick var värdet {raised_with}."
_CORRECTED = "Uppgifter har rättats, och med de rättade uppgifterna finns det inget skäl för larmet."
_NO_LONGER = "Tidigare mejl om larmet gäller inte längre."
_RESTATED = "För den {on} meddelade vi tidigare {before}."
_RESTATED_TO = "Med de uppgifter som finns nu är värdet {told}, {side} planens gräns {limit}."
_RESTATED_WITHIN = "Med de uppgifter som finns nu är värdet {told}, inte {side} planens gräns {limit}."
_OUTSIDE = "Det ligger utanför det 95‑procentsintervall som meddelades då, {interval_before}."
_STANDS = "{stands}"
_ENDED = "Larmet avslutades den {ended}."
_LATE = "Det vanliga skälet är att uppgifter har kommit in sent eller har rättats."
_AGAIN = "Ett nytt larm går om planens villkor för larm uppfylls på nytt."
_MOVED = "Planens gräns har flyttats från {promise_before} till {promise}."
_STILL = (
    "Värdet är oförändrat, {unmoved}.",
    "Värdet är {moved_to}.",
    "Värdet är {moved_now}; senast meddelade vi {told_before}.",
)

_NOW = (
    "{value_beyond}, {side} gränsen {limit}.",
    "{value_within}, inte längre {side} gränsen {limit}, men larmet kvarstår.",
)
_BEFORE = "Senast meddelade vi {value_before}."
_ASSIGNED = "Larmet är tilldelat {assigned}."

TURNS: dict[Turn, TurnText] = {
    "escalated": TurnText(
        "Ingen har kvitterat larmet på {unattended} [arbetsdag|arbetsdagar]: {unit}, {metric}{only}",
        "Larm som ingen har kvitterat: {metric}",
        (
            "Larmet gick till {told_to} den {told_on}, och ingen har kvitterat det på {unattended}"
            " [arbetsdag|arbetsdagar]. Därför får du det nu, enligt planen.",
            _ASSIGNED,
            *_NOW,
            *_SINCE,
        ),
    ),
    "snooze_ended": TurnText(
        "Pausen är slut och larmet kvarstår: {unit}, {metric}{only}",
        "Larmet kvarstår efter pausen: {metric}",
        ("{by} pausade larmet till den {by_until}, med skälet ”{note}”.", *_NOW, _BEFORE, *_SINCE, _ASSIGNED),
    ),
    "reminded": TurnText(
        "Påminnelse, larmet har pågått i {lasted} [dag|dagar]: {unit}, {metric}{only}",
        "Larmet pågår fortfarande: {metric}",
        (*_NOW, _BEFORE, *_SINCE, "{taken}", _ASSIGNED),
    ),
    "raised": TurnText(
        "{unit}: {metric} {told} – {side} planens gräns {limit}{only}",
        "{side_first} planens gräns: {metric}",
        (
            "Värdet har legat {side} gränsen sedan den {since}, i {lasted} [dag|dagar].",
            "Värdet har legat {side} gränsen sedan åtminstone den {since_at_least}, i minst {lasted} [dag|dagar]:"
            " {day_before}.",
            _HOLD,
            _MONTHS,
        ),
    ),
    "raised_at_once": TurnText(
        "{unit}: {metric} {told} – {side} planens gräns {limit}{only}",
        "{side_first} planens gräns: {metric}",
        (
            "Värdet ligger {side} gränsen från och med den {since}.",
            "Värdet ligger {side} gränsen sedan åtminstone den {since_at_least}: {day_before}.",
            _HOLD,
            _MONTHS,
        ),
    ),
    "raised_before": TurnText(
        "{unit}: {metric} {told} – {side} planens gräns {limit}{only}",
        "{side_first} planens gräns: {metric}",
        ("{value_is}, {side} gränsen {limit}.", *_SINCE, _RAISED, _HOLD),
    ),
    "raised_fallen_back": TurnText(
        "{unit}: {metric} {told} – inte längre {side} planens gräns {limit}, men larmet kvarstår{only}",
        "Har legat {side} planens gräns: {metric}",
        (
            "{value_is}, inte längre {side} gränsen {limit}.",
            "Nivån där larmet avslutas, {short_of}, är inte nådd.",
            "Larmet avslutas när värdet har varit {stays} i {clear_hold} [dag|dagar].",
            *_SINCE,
            _RAISED,
            _HOLD,
        ),
    ),
    "raised_unseen": TurnText(
        "{unit}: {metric} – larm enligt planen{only}",
        "Larm enligt planen: {metric}",
        ("Planens villkor för larm uppfylldes den {began}.",),
    ),
    "expected": TurnText(
        "Förvarning för {on}: {unit}, {metric} {value} – {side} planens gräns {limit}{only}",
        "Väntas hamna {side} planens gräns: {metric}",
        (_MOVED, _AHEAD, *_TODAY),
    ),
    "expected_fallen_back": TurnText(
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
    "expected_unseen": TurnText(
        "{unit}: {metric} – förvarning enligt planen{only}",
        "Förvarning enligt planen: {metric}",
        ("Planens villkor för förvarning uppfylldes den {began}.",),
    ),
    "resolved": TurnText(
        "Åter inom planen: {unit}, {metric} {told}{only}",
        "Åter inom planen: {metric}",
        ("{value_is} och larmet är avslutat.", *_LASTED, _RAISED_WITH),
    ),
    "resolved_then_beyond": TurnText(
        "Larm avslutat, men åter {side} planens gräns {limit}: {unit}, {metric} {told}{only}",
        "Larmet avslutat, men åter {side} gränsen: {metric}",
        ("Larmet är avslutat.", *_LASTED, _RAISED_WITH, "{value_is}, åter {side} gränsen {limit}.", _AGAIN),
    ),
    "resolved_unseen": TurnText(
        "Larm avslutat: {unit}, {metric}{only}",
        "Larmet avslutat: {metric}",
        ("Larmet är avslutat.", *_LASTED),
    ),
    "corrected": TurnText(
        "Larm återkallat, uppgifter har rättats: {unit}, {metric}{only}",
        "Larmet återkallat: {metric}",
        (
            _CORRECTED,
            "Du behöver inte göra något.",
            _NO_LONGER,
            "Larmet gick vid {raised_with}; med rättade uppgifter är värdet {told}.",
        ),
    ),
    "corrected_but_beyond": TurnText(
        "Larm återkallat, uppgifter har rättats: {unit}, {metric}{only}",
        "Larmet återkallat: {metric}",
        (_CORRECTED, _NO_LONGER, "{value_is}, {side} gränsen {limit}.", _AGAIN),
    ),
    "raised_limit_moved": TurnText(
        "{unit}: {metric} {told} – {side} planens gräns, som har flyttats till {limit}{only}",
        "Planens gräns har flyttats: {metric}",
        (
            _MOVED,
            *_STILL,
            "Det har legat {side} den nya gränsen sedan den {since}.",
            "Det har legat {side} den nya gränsen sedan åtminstone den {since_at_least}: {day_before}.",
            _HOLD,
            _MONTHS,
        ),
    ),
    "limit_moved": TurnText(
        "Larm avslutat, planens gräns har flyttats: {unit}, {metric}{only}",
        "Planens gräns har flyttats: {metric}",
        (_MOVED, *_STILL, "Med den nya gränsen finns det inget skäl för larmet, som är avslutat."),
    ),
    "limit_moved_but_beyond": TurnText(
        "Larm avslutat, planens gräns har flyttats: {unit}, {metric}{only}",
        "Planens gräns har flyttats: {metric}",
        (_MOVED, "Larmet är avslutat.", "{value_is}, {side} gränsen {limit}.", _AGAIN),
    ),
    "restated": TurnText(
        "Rättat värde: {unit}, {metric} {told}, inte {before} – inte {side} planens gräns {limit}{only}",
        "Rättat värde: {metric}",
        (_RESTATED, _RESTATED_WITHIN, _OUTSIDE, _STANDS, _ENDED, _LATE),
    ),
    "restated_beyond": TurnText(
        "Rättat värde: {unit}, {metric} {told}, inte {before} – {side} planens gräns {limit}{only}",
        "Rättat värde, {side} planens gräns: {metric}",
        (_RESTATED, _RESTATED_TO, _OUTSIDE, _STANDS, _ENDED, _LATE),
    ),
}

SV = MailWords(
    badge={
        "escalated": "Inte kvitterat",
        "snooze_ended": "Pausen är slut",
        "reminded": "Påminnelse",
        "hold_met": "Larm",
        "expected_breach": "Förvarning",
        "resolved": "Avslutat",
        "data_corrected": "Återkallat",
        "limit_moved": "Avslutat",
    },
    severity={"info": "Information", "warning": "Varning", "critical": "Kritiskt"},
    side={"above": "över", "below": "under"},
    promise={"above": "högst {limit}", "below": "minst {limit}"},
    turns=TURNS,
    restated_badge="Rättat",
    restated=f"{_RESTATED} {_LATE}",
    stands={"hold_met": "Larmet står kvar.", "expected_breach": "Förvarningen står kvar."},
    taken={
        "nobody": "Ingen har kvitterat larmet.",
        "open": "{by} har kvitterat larmet.",
        "until": "{by} har kvitterat larmet, till den {by_until}.",
    },
    day_before={
        "unheard": "längre tillbaka ser bevakningen inte",
        "no_data": "det är den första dagen som det finns uppgifter för",
        "no_number": "för dagen före finns det inget värde",
    },
    value_now="Värdet är nu {value}",
    value_then="Det senaste värdet, från den {on}, är {value}",
    value_of_months="Värdet för {months} är {value}",
    hidden="Gruppen är för liten för att värdet ska få visas.",
    missing="Det finns inget värde den {on}: det fanns ingen kvar att räkna.",
    missing_months="Det finns inget värde för {months}: det fanns ingen kvar att räkna.",
    unknown={
        "incomplete": (
            "Värdet är inte känt nu: underlaget går inte tillräckligt långt tillbaka.",
            "Underlaget är känt från och med den {known_from}.",
            "Värdet kan beräknas från och med den {complete_from}.",
        ),
        "not_reported": ("Värdet är inte känt nu: inget källsystem rapporterar det som värdet bygger på.",),
    },
    unfinished=(
        "Obs: en leverans från {source} har inte kommit hela vägen fram, {arrived} [händelse|händelser] sedan {since}."
        " Värdet bygger på det som har kommit."
    ),
    unfinished_of=(
        "Obs: en leverans från {source} har inte kommit hela vägen fram, {arrived} av {of} [händelse|händelser]"
        " sedan {since}. Värdet bygger på det som har kommit."
    ),
    window="{window} [dag|dagar]",
    up_to="{window} [dag|dagar] till och med den {on}",
    months="tolv månader till och med den {until}",
    every_occupation="alla yrken",
    parts={
        "f": "kvinnor",
        "m": "män",
        "x": "annat kön",
        "-29": "29 år och yngre",
        "30-49": "30–49 år",
        "50-": "50 år och äldre",
    },
    everywhere=EVERYWHERE["sv"],
    value_on="den {on}",
    value_expected_on="väntas den {on}",
    value_over_months="under {months}",
    limit="Planens gräns",
    limit_ends={
        "hold_met": "{promise}; larmet avslutas {clear_side} {clear}",
        **dict.fromkeys(FOLLOWING, "{promise}; larmet avslutas {clear_side} {clear}"),
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
    chance_unknown="Det går inte att säga: till det här värdet finns inget intervall.",
    chance_months=(
        "Det svarar enhetens styrdiagram på, som nås från länken nedan. Månaderna går upp och ned av sig själva; den"
        " senaste är mer än slump om den ligger utanför enhetens normala variation."
    ),
    chance_count=(
        "Nej. Talet räknar allt som är, så slumpen har ingen del i det. Om läget är ovanligt för enheten visar dess"
        " styrdiagram."
    ),
    weak="Underlaget är litet, så läs talet med försiktighet.",
    interval="95‑procentsintervall",
    measures={
        "hold_met": "Det här ska göras enligt planen",
        **dict.fromkeys(FOLLOWING, "Det här ska göras enligt planen"),
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
        "evaluated": "utvärderad den {since}",
    },
    open="Visa larmet",
    plan="{plan_title} ({plan}), version {version}, mål {target}.",
    definition="Definition {definition}, {period}.",
    decided="Bedömt den {decided} ({zone}).",
    why_me=(
        "Skickas automatiskt av Stadga till planens mottagare {recipient}."
        " Talen gäller gruppen, aldrig en enskild person."
    ),
    opening_badge="Startläge",
    opening_subject="Startläge: {counts} {plan_title}",
    opening_counted={
        "outside": "{n} [värde|värden] redan utanför",
        "ahead": "{n} [värde|värden] som väntas hamna utanför",
    },
    opening_and=" och ",
    opening_headline="{counts} planen",
    opening_lead=(
        "Bevakningen enligt planen började den {watch_from}. Det här låg redan då utanför planens gränser, eller"
        " väntades hamna där, så inget larm skickas om var och en. Det som passerar en gräns senare larmar som"
        " vanligt, och likaså det som upphör och kommer tillbaka."
    ),
    opening_state={
        "since": "{metric}{only} {value}, {side} gränsen {limit} sedan den {day}",
        "since_at_least": "{metric}{only} {value}, {side} gränsen {limit} sedan åtminstone den {day}",
        "expected": "{metric}{only} väntas bli {value} den {day}, {side} gränsen {limit}",
    },
    opening_pending="ännu inte så länge som planen kräver för larm",
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
    bundle_badge="Flera besked",
    counted={
        "escalated": "{n} [larm|larm] som ingen har kvitterat",
        "snooze_ended": "{n} [larm som kvarstår|larm som kvarstår] efter paus",
        "reminded": "{n} [påminnelse|påminnelser]",
        "hold_met": "{n} [nytt larm|nya larm]",
        "expected_breach": "{n} [förvarning|förvarningar]",
        "data_corrected": "{n} [rättelse|rättelser]",
        "limit_moved": "{n} [larm avslutat av flyttad gräns|larm avslutade av flyttade gränser]",
        "resolved": "{n} [avslutat larm|avslutade larm]",
    },
    bundle_lead="Just nu är {open} larm [öppet|öppna], på {units} av {watched} bevakade [enhet|enheter].",
    bundle_plans="{n} handlingsplaner",
    bundle_same="Samma siffror gäller {units}, som är den enda enheten under {unit}.",
    bundle_below="{n} [enhet|enheter] under {unit}, av samma skäl:",
    bundle_others="{n} [besked|besked] till får inte plats här. De finns där knappen leder.",
)
