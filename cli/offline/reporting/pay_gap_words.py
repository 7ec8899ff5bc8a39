"""What the printed pay report says, in Swedish and in English."""

from typing import NamedTuple

from shared.contracts.events import Grade
from shared.language.language import Language


class PayGapWords(NamedTuple):
    """Texts of one language; those with fields in braces are filled in."""

    title: str
    without_pay: str
    no_variable: str
    group: str
    women: str
    men: str
    mean: str
    median: str
    mean_variable: str
    median_variable: str
    with_variable: str
    bands: str
    mean_basic: str
    everybody: str
    grades: dict[Grade, str]
    hidden: str
    nothing: str
    notes: tuple[str, ...]


WORDS: dict[Language, PayGapWords] = {
    "sv": PayGapWords(
        title="Löneskillnader mellan kvinnor och män {year}",
        without_pay="Utan känd lön, och därför inte med: {count}.",
        no_variable="Ingen rörlig lön är känd. Har källsystemet lämnat den?",
        group="Grupp",
        women="Kvinnor",
        men="Män",
        mean="a Medel",
        median="c Median",
        mean_variable="b Rörlig, medel",
        median_variable="d Rörlig, median",
        with_variable="e Har rörlig, K/M",
        bands="f Andel kvinnor i lönekvartil 1–4",
        mean_basic="g Grundlön",
        everybody="Alla",
        grades={"trainee": "trainee", "regular": "ordinarie", "senior": "erfaren"},
        hidden="dolt",
        nothing="–",
        notes=(
            "Bokstäverna är de i artikel 9.1 i direktiv (EU) 2023/970. En skillnad är (männens lön − kvinnornas) ÷"
            " männens:"
            " 5 % betyder att kvinnor har 5 % mindre, −5 % att de har mer. Rörlig lön jämförs mellan dem som har"
            " någon.",
            "Lön är årets bruttolön med tillägg, per timme. Månadslön vid heltid delas med lika många timmar för alla"
            " (165"
            " enligt AB), och därför påverkar antalet inga skillnader. Deltid och del av år vägs med sina timmar.",
            "Med är alla som har haft månadslön under året, där de arbetade sist. Timavlönade är inte med. En kategori"
            " är"
            " likvärdigt arbete enligt arbetsgivaren, annars befattning och nivå. Annat och okänt kön jämförs inte.",
            "Dolt är det som gäller färre än fem kvinnor eller fem män, och det som annars röjer det. Andelar avrundas"
            " till"
            " tiondels procent.",
            "! minst 5 %: i en kategori ska skillnaden förklaras med sakliga, könsneutrala skäl eller rättas inom sex"
            " månader, annars görs en gemensam lönebedömning (artikel 10).",
        ),
    ),
    "en": PayGapWords(
        title="Pay gap between women and men {year}",
        without_pay="Without a pay that is known, and so left out: {count}.",
        no_variable="No variable pay is known. Has the source told it?",
        group="Group",
        women="Women",
        men="Men",
        mean="a Mean",
        median="c Median",
        mean_variable="b Variable, mean",
        median_variable="d Variable, median",
        with_variable="e Has variable, W/M",
        bands="f Women in pay quartile 1–4",
        mean_basic="g Basic pay",
        everybody="Everybody",
        grades={"trainee": "trainee", "regular": "regular", "senior": "senior"},
        hidden="hidden",
        nothing="–",
        notes=(
            "The letters are those of article 9.1 of Directive (EU) 2023/970. A gap is (men's pay − women's) ÷ men's:"
            " 5% is"
            " 5% less for women, −5% is more. Variable pay is compared between those who receive any.",
            "Pay is the gross pay of the year with supplements, by the hour. Monthly pay at full time is divided by"
            " the same"
            " hours for all (165 by the agreement AB), so that their number changes no gap. Part time and part of a"
            " year"
            " are weighed by their hours.",
            "Included is everybody with monthly pay in the year, where they worked last. Hourly staff are not. A"
            " category is"
            " work of equal value as the employer says, else occupation and grade. Another and unknown gender are not"
            " compared.",
            "Hidden is what is about fewer than five women or five men, and what would give it away. Shares are"
            " rounded to"
            " a tenth of a per cent.",
            "! 5% or more: in a category the gap has to be justified by objective, gender-neutral criteria or mended"
            " within"
            " six months, or else a joint pay assessment is made (article 10).",
        ),
    ),
}
