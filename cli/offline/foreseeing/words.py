"""What is said of a plan before it runs, in Swedish and in English."""

from collections.abc import Mapping
from typing import NamedTuple

from services.alerts.domain.plan.bounds import Pointless
from shared.language.language import Language


class ForeseeingWords(NamedTuple):
    """Texts of one language; those with fields in braces are filled in."""

    title: str
    headings: tuple[str, str, str, str, str]
    past: str
    unknown: str
    no_interval: str
    by_month: str
    nobody: str
    months: str
    shown: str
    no_change: str
    fall: str
    rise: str
    enough: str
    wait: str
    join: str
    rate_unknown: str
    no_count: str
    no_log: str
    collides: str
    level: str
    alike: str
    pointless: Mapping[Pointless, str]


WORDS: dict[Language, ForeseeingWords] = {
    "sv": ForeseeingWords(
        title="Falsklarm om ingenting förändras",
        headings=("mål", "grupper", "falsklarm per år", "om varje brott måste vara säkerställt", "flest, per år"),
        past="{count} ligger redan förbi gränsen",
        unknown="om {count} är för lite känt",
        no_interval="har inget intervall",
        by_month="bedöms på månader",
        nobody="ingen",
        months="Falsklarm per månad: {each}. Hur de räknas: services/alerts/README.md.",
        shown="{measure}, {metric}: i en grupp om {size}, där det brukar hända {events} gånger om året, med {before}"
        " månader före och {after} efter, skulle {seen} synas i fyra fall av fem.",
        no_change="inte ens en minskning till noll",
        fall="en minskning med {share}",
        rise="en ökning med {share}",
        enough="Den minsta förändring som är värd att ha ({smallest}) skulle synas.",
        wait="Den minsta förändring som är värd att ha ({smallest}) skulle synas först med {months} månader efter:"
        " vänta till {until}, eller slå ihop enheter.",
        join="Den minsta förändring som är värd att ha ({smallest}) skulle inte synas, hur länge man än väntar:"
        " slå ihop enheter.",
        rate_unknown="{measure}, {metric}: vad som skulle synas går inte att säga, för det är inte känt hur ofta det"
        " brukar hända.",
        no_count="{measure}, {metric}: vad som skulle synas beror på hur mycket andra enheter ändras, och sägs av"
        " utvärderingen.",
        no_log="vad en utvärdering skulle kunna visa sägs med --events LOGG",
        collides="{measure}: utvärderingen kommer inte att ge något svar, för {others} börjar i samma enheter mellan"
        " {first} och {last}. Vilken av dem som hjälpte går då inte att säga: lägg dem i skilda enheter, eller i skild"
        " tid.",
        level="{target}: {metric} är ett läge, och sådana ändras föga från månad till månad. Månader som liknar"
        " varandra är inte oberoende: fler än sju i rad kan behövas för ett skifte eller en trend. Hur många sägs"
        " med --events LOGG.",
        alike="{target}: månaderna är inte oberoende av varandra. I {groups} av {of} grupper liknar {metric} så mycket"
        " månaden före att det krävs {needed} månader i rad, inte sju, för ett skifte eller en trend. En gräns larmar"
        " tidigare.",
        pointless={
            "always": "{target}: varje värde av {metric} ligger förbi gränsen: alla enheter larmar alltid.",
            "never": "{target}: inget värde av {metric} kan ligga förbi gränsen: det blir aldrig något larm.",
        },
    ),
    "en": ForeseeingWords(
        title="False alarms if nothing changes",
        headings=("target", "groups", "false alarms a year", "if each breach had to be confirmed", "most, a year"),
        past="{count} past the limit already",
        unknown="too little known of {count}",
        no_interval="has no interval",
        by_month="judged on months",
        nobody="none",
        months="False alarms a month: {each}. How they are counted: services/alerts/README.md.",
        shown="{measure}, {metric}: in a group of {size}, where it usually happens {events} times a year, with {before}"
        " months before and {after} after, {seen} would be seen in four cases of five.",
        no_change="not even a fall to nothing",
        fall="a fall of {share}",
        rise="a rise of {share}",
        enough="The smallest change worth having ({smallest}) would be seen.",
        wait="The smallest change worth having ({smallest}) would be seen only with {months} months after: wait until"
        " {until}, or join units.",
        join="The smallest change worth having ({smallest}) would not be seen however long one waits: join units.",
        rate_unknown="{measure}, {metric}: what would be seen cannot be said, for how often it usually happens is not"
        " known.",
        no_count="{measure}, {metric}: what would be seen depends on how much other units change, and the evaluation"
        " tells it.",
        no_log="what an evaluation could show is said with --events LOG",
        collides="{measure}: the evaluation will give no answer, for {others} begins in the same units between {first}"
        " and {last}. Which of them helped cannot be told then: let them have units, or times, of their own.",
        level="{target}: {metric} is a level, and such hardly move from month to month. Months that are alike are not"
        " independent: more than seven in a row may be needed for a shift or a trend. How many is said with --events"
        " LOG.",
        alike="{target}: the months are not independent of each other. In {groups} of {of} groups {metric} is so like"
        " the month before that {needed} months in a row, not seven, make a shift or a trend. A limit alerts earlier.",
        pointless={
            "always": "{target}: every value of {metric} is past the limit: all units alert, always.",
            "never": "{target}: no value of {metric} can be past the limit: there will never be an alert.",
        },
    ),
}
