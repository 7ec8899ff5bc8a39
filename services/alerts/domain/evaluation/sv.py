"""Evaluations in Swedish."""

from services.alerts.domain.evaluation.words import EvaluationWords

SV = EvaluationWords(
    title="{measure}: hjälpte det?",
    question="{metric}, i {units}, från {start}.",
    verdicts={
        "improved": "Förbättrat",
        "not_shown": "Inte visat",
        "worsened": "Försämrat",
        "cannot_be_told": "Går inte att säga",
    },
    leads={
        "improved": "Det blev bättre, mer än slumpen förklarar.",
        "not_shown": "Ingen förändring är visad, fast en som är värd att ha skulle ha synts.",
        "worsened": "Det blev sämre, mer än slumpen förklarar.",
        "cannot_be_told": "Det finns inget svar på om det hjälpte.",
    },
    lead_as_much="Ingen effekt är visad: det ändrades, men lika mycket på andra håll.",
    because={
        "not_over": "Månaderna efter är inte slut, eller inte kända än: de slutar den {until}.",
        "not_known": "Några av månaderna före eller efter är inte kända.",
        "small_group": "Gruppen är i några av månaderna för liten för att berättas om utan att någon känns igen.",
        "nothing_to_count": "Det fanns inget att mäta före eller efter.",
        "no_comparison": "Det krävs minst två andra enheter, som inte ändras precis lika, för att veta hur mycket"
        " värden ändras av sig själva.",
        "chosen_afterwards": "Hur det skulle utvärderas skrevs, eller ändrades, efter starten: månader och mått som"
        " väljs när utfallet är känt kan visa vad som helst.",
        "another_action": "Något annat började samtidigt i samma enheter: {others}. Vilket av dem som hade effekt går"
        " inte att säga.",
        "too_few": "Underlaget är för litet: inte ens den minsta förändring som är värd att ha skulle säkert ha synts.",
        "as_much_elsewhere": "Andra enheter utan åtgärden ändrades lika mycket.",
    },
    caveats={
        "one_unit": "Det är en enda enhet: vad annat som hände där kan lika väl vara orsaken som åtgärden.",
        "nothing_beside": "Det finns ingen enhet utan åtgärden att jämföra med: vad som hände överallt samtidigt finns"
        " också med i talet.",
        "clustered": "Händelserna kommer flera åt gången, som när någon rapporterar många på en dag. De väger därför"
        " som de färre tillfällen de är, och intervallet är bredare.",
        "begun_beside": "I en del av enheterna bredvid började något annat samtidigt: {beside}. Vad det gjorde där"
        " finns med i jämförelsen.",
        "worst_before": "Vald för att den var sämst: den hade det sämsta värdet av alla före, och sådana enheter närmar"
        " sig de andra av sig själva.",
        "few_others": "Det finns färre än nitton enheter att jämföra med: hur ofta andra ändras lika mycket är inte väl"
        " känt.",
        "left_out": "Inte jämfört med, för att några av deras månader är dolda eller inte kända: {left_out}.",
        "version_unknown": "Om detta skrevs före starten är inte känt här.",
    },
    worst_together="Valda för att de var sämst: de hade de sämsta värdena av alla före, och sådana enheter närmar sig"
    " de andra av sig själva.",
    earlier="Ett tidigare svar, av den {day}, var: {verdict}. Nu är det: {now}. Uppgifter har kommit sent, eller"
    " rättats.",
    as_given="Det här är svaret som det gavs den {day}: tjänsten som räknar nyckeltal svarar inte nu.",
    windows="Före: {before}. Efter: {after}.",
    rates="Från {before} till {after} per år",
    values="Från {before} till {after}",
    counts=" ({count_before} före, {count_after} efter)",
    beside_rates="; i enheterna bredvid från {before} till {after}",
    alone="Bara före och efter: {effect}.",
    fell="en minskning med {effect} (95 % intervall {low} till {high})",
    rose="en ökning med {effect} (95 % intervall {low} till {high})",
    times="{effect} gånger vad det var (95 % intervall {low} till {high})",
    unending="minst {low} gånger vad det var (95 % intervall)",
    lower="{effect} lägre (95 % intervall {low} till {high})",
    higher="{effect} högre (95 % intervall {low} till {high})",
    spans_ratio="allt mellan {low} och {high} gånger vad det var stämmer med talen, också ingen förändring",
    spans_difference="allt från {low} till {high} stämmer med talen, också ingen förändring",
    less="{size} lägre",
    more="{size} högre",
    unbounded="hur mycket som helst",
    beside="Jämfört med enheterna bredvid: {effect}.",
    before_after="Före och efter: {effect}.",
    likewise="{as_much} av {units} [enhet|enheter] utan åtgärden ändrades lika mycket.",
    seen_fall="En minskning med {seen} skulle ha synts, i fyra fall av fem.",
    seen_rise="En ökning med {seen} skulle ha synts, i fyra fall av fem.",
    seen_nothing="Inte ens en minskning till noll skulle säkert ha synts.",
    seen_difference="En skillnad på {seen} skulle ha synts, i fyra fall av fem.",
    worth="Den minsta förändring som är värd att ha sades vara {smallest}.",
    second="En andra bedömning, bortsett från trend och säsong: {effect}.",
    staying="Efter hur länge var och en hade varit där, oavsett varför de slutade: {left} slutade efter, där {expected}"
    " skulle ha gjort det om före och efter vore lika.",
    staying_chance="Slumpen ensam ger en sådan skillnad i {p} av fallen.",
    staying_hardly="Slumpen ensam ger en sådan skillnad i färre än ett fall av hundra.",
    stayed_a_year="Av dem som börjat var {before} kvar efter ett år före, och {after} efter.",
    points="procentenheter",
    picture_before="före",
    picture_after="efter",
    picture_washed="införs",
    picture_acted="med åtgärden",
    picture_compared="utan den",
    picture_unit="varje enhet utan den (tremånadersmedel)",
    and_more="{names} och {n} till",
    foot="Stadga, {definition}. Känt till {known_to}. En förändring vid samma tid är inget bevis för en orsak.",
)
