"""What the printed disclosure says, in Swedish and in English."""

from typing import NamedTuple

from shared.contracts.sickness import Reason
from shared.language.language import Language


class ReportWords(NamedTuple):
    """Texts of one language; those with fields in braces are filled in."""

    title: str
    everywhere: str
    covers: str
    so_far: str
    no_sickness: str
    number: str
    figure: str
    share: str
    sick: str
    of: str
    rule: str
    no_rule: str
    hidden: str
    reasons: dict[Reason, str]
    nothing: str
    notes: tuple[str, ...]


WORDS: dict[Language, ReportWords] = {
    "sv": ReportWords(
        title="Sjukfrånvaro {year}, {unit}",
        everywhere="hela kommunen",
        covers="{first}–{last}, enligt vad som är känt den {as_of}",
        so_far="Preliminärt: året är inte slut.",
        no_sickness="Ingen sjukfrånvaro är känd för dessa dagar. Har källsystemet lämnat den?",
        number="SKR",
        figure="Nyckeltal",
        share="Andel",
        sick="Sjuktid",
        of="av",
        rule="KRL",
        no_rule="ingår i 1 och 2",
        hidden="dolt",
        reasons={
            "few": "högst tio anställda",
            "subtraction": "skyddar en dold grupp",
        },
        nothing="–",
        notes=(
            "Sjuktid av ordinarie arbetstid, i nyckeltal 2 av all sjuktid. Båda i heltidsdagar: kalenderdagar gånger"
            " sysselsättningsgrad, för sjuktiden även gånger frånvarons omfattning.",
            "Ett sjukfall på 60 dagar eller mer räknas med alla sina dagar under året, även de första 59, och även"
            " när det börjar eller blir så långt under ett annat år.",
            "Ålder vid årets slut. Timavlönade, uppdragstagare och förtroendevalda ingår inte. Dolt är det som gäller"
            " högst tio tillsvidareanställda, i genomsnitt eller sista dagen, och det som annars röjer det.",
            "KRL: lagen (1997:614) om kommunal redovisning, 4 kap. 1 a § enligt SFS 2002:1065, stycke och punkt."
            " SKR: nyckeltalets nummer i SKR:s definition av den obligatoriska sjukfrånvaroredovisningen.",
        ),
    ),
    "en": ReportWords(
        title="Sickness absence {year}, {unit}",
        everywhere="the whole municipality",
        covers="{first}–{last}, as known on {as_of}",
        so_far="Preliminary: the year is not over.",
        no_sickness="No sickness absence is known of these days. Has the source told it?",
        number="SKR",
        figure="Key figure",
        share="Share",
        sick="Sick time",
        of="of",
        rule="KRL",
        no_rule="part of 1 and 2",
        hidden="hidden",
        reasons={
            "few": "at most ten employees",
            "subtraction": "protects a hidden group",
        },
        nothing="–",
        notes=(
            "Sick time of ordinary working time, in key figure 2 of all sick time. Both in days of full time: calendar"
            " days times the share of full time, for sick time times the extent of the absence as well.",
            "A spell of 60 days or more counts with all of its days in the year, the first 59 as well, also when it"
            " begins or becomes that long in another year.",
            "Age at the end of the year. Hourly staff, contractors and elected representatives are not included."
            " Hidden is what is about at most ten permanent employees, on average or on the last day, and what would"
            " give it away.",
            "KRL: the Swedish act (1997:614) on municipal accounting, ch. 4 s. 1 a as of SFS 2002:1065, paragraph (st.)"
            " and point (p.). SKR: the figure's number in SKR's definition of the compulsory disclosure.",
        ),
    ),
}
