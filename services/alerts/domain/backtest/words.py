"""What a backtest says to its reader, in Swedish and in English."""

from typing import NamedTuple

from services.alerts.domain.alert.episode import Kind
from shared.language.language import Language


class BacktestWords(NamedTuple):
    """Texts of one language; those with fields in braces are filled in."""

    title: str
    targets: str
    target: str
    alerts: str
    open: str
    flaps: str
    days: str
    warnings: str
    chance: str
    raised: str
    unit: str
    kind: str
    since: str
    closed: str
    goes_on: str
    kinds: dict[Kind, str]
    flap: str
    mails: str
    recipient: str
    total: str
    mean: str
    most: str
    week: str
    more: str
    nobody: str
    picture: str
    picture_mails: str
    picture_flap: str
    picture_more: str
    left_out: str
    unjudged: str
    notes: tuple[str, ...]
    chance_note: str
    loaded: str
    described: str
    present: str


WORDS: dict[Language, BacktestWords] = {
    "sv": BacktestWords(
        title="{name}, prövad dag för dag {first}–{last}: {units} enheter",
        targets="Vad varje mål skulle ha gett",
        target="mål",
        alerts="larm",
        open="pågår",
        flaps="fladder",
        days="larmdagar",
        warnings="varningar",
        chance="larm av slump",
        raised="larmat",
        unit="enhet",
        kind="slag",
        since="över gränsen sedan",
        closed="slut",
        goes_on="pågår",
        kinds={"breach": "larm", "expected": "varning"},
        flap="fladder",
        mails="Mejl per mottagare",
        recipient="mottagare",
        total="mejl",
        mean="i snitt per vecka",
        most="flest på en vecka",
        week="veckan",
        more="… och {count} till: --format json ger alla",
        nobody="Planen skulle inte ha larmat.",
        picture="När det skulle ha larmats, {first}–{last}",
        picture_mails="mejl per vecka",
        picture_flap="Ruter: fladder, ett larm inom {flap_days} dagar efter att det förra tog slut.",
        picture_more="{count} rader till får inte plats: de med flest larmdagar visas.",
        left_out="Inte med, eftersom de bedöms på hela månader eller för kön eller ålder: {targets}",
        unjudged="{n} [enhet|enheter] gick inte att bedöma: inget värde har gått att visa de dagarna.",
        notes=(
            "Som om planen hade antagits den första dagen. Varje dag är bedömd med det som var registrerat den"
            " kvällen, aldrig med det som kom senare. Larm och varningar är de som någon hade fått veta: vad som var"
            " över redan när det blev känt är inte med.",
            "Fladder: larm för samma mål och enhet inom {flap_days} dagar efter att det förra tog slut.",
            "Mejl: som om ingen kvitterat eller pausat något, med påminnelser och eskaleringar. Det som beslutas samma"
            " kväll går i ett mejl. Veckobrev och försenade åtgärder är inte med.",
        ),
        chance_note="Larm av slump: så många skulle slumpen ha gett om ingenting hade ändrats i någon enhet, simulerat"
        " från enheternas egen historia. –: för lite är känt, eller alla ligger för det mesta över gränsen.",
        loaded="Tjänsten tog emot sina första händelser den {loaded}. Vad den fick till och med då räknas som känt den"
        " dag det gäller: vad som kom sent före dess vet ingen längre, och inget var känt i förväg.",
        described="Den {described} raderades personer. Vad som var känt dessförinnan om ett yrke visas inte längre:"
        " mål för ett yrke bedöms för de dagarna med vad som sedan blev känt om dem.",
        present="Frånvaro och pulsmätningar bedöms med de värden som gäller i dag, eftersom skillnaden mot vad som"
        " var känt då kan röra en enda person: {metrics}.",
    ),
    "en": BacktestWords(
        title="{name}, tried day by day {first}–{last}: {units} units",
        targets="What each target would have given",
        target="target",
        alerts="alerts",
        open="open",
        flaps="flaps",
        days="alert days",
        warnings="warnings",
        chance="by chance",
        raised="raised",
        unit="unit",
        kind="kind",
        since="past the limit since",
        closed="closed",
        goes_on="goes on",
        kinds={"breach": "alert", "expected": "warning"},
        flap="flap",
        mails="Mails by recipient",
        recipient="recipient",
        total="mails",
        mean="a week, on average",
        most="most in a week",
        week="week",
        more="… and {count} more: --format json gives all",
        nobody="The plan would have raised nothing.",
        picture="When there would have been alerts, {first}–{last}",
        picture_mails="mails a week",
        picture_flap="Diamond: a flap, an alert within {flap_days} days after the last one was over.",
        picture_more="{count} more rows do not fit: those with most alert days are shown.",
        left_out="Left out, since they are judged by whole months, or by gender or age: {targets}",
        unjudged="{n} [unit|units] could not be judged: no value could be shown of those days.",
        notes=(
            "As if the plan had been adopted on the first day. Each day is judged on what was recorded by its evening,"
            " never on what came later. Alerts and warnings are those that somebody would have been told of: what was"
            " over when it became known is left out.",
            "Flap: an alert of the same target and unit within {flap_days} days after the last one was over.",
            "Mails: as if nobody acknowledged or snoozed anything, with reminders and escalations. What is decided in"
            " the same evening leaves in one mail. Weekly summaries and overdue measures are left out.",
        ),
        chance_note="By chance: so many alerts would have come of chance had nothing changed in any unit, simulated"
        " from the units' own history. –: too little is known, or all are usually past the limit.",
        loaded="The service took in its first events on {loaded}. What it had by then counts as known on the day it is"
        " about: what came late before that nobody knows any more, and nothing was known ahead.",
        described="Persons were erased on {described}. What was known of an occupation before is told no more: targets"
        " for one are judged for these days on what became known of them since.",
        present="Absence and pulses are judged on the values that are told today, since what differs from what was"
        " known then may be about one person: {metrics}.",
    ),
}
