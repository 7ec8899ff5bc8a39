"""Where definitions come from, as a reader of Swedish is told; names alone are the same in both languages."""

from shared.language.language import Language

IN_SWEDISH = {
    "person-days denominator": "persondagar i nämnaren",
    "Familjen Helsingborg: exits at own request over permanent staff": "Familjen Helsingborg: avgångar på egen begäran"
    " genom tillsvidareanställda",
    "SSR/SCB count both, so both are shown": "SSR och SCB räknar båda, så båda visas",
    "NHS stability index": "NHS stabilitetsindex",
    "SKR (target 2 %)": "SKR (mål 2 %)",
    "SFS 2002:1065; SKR key figure 1": "SFS 2002:1065; SKR:s nyckeltal 1",
    "Arbetsmiljölagen 3 kap. 3 a §: to be reported without delay": "Arbetsmiljölagen 3 kap. 3 a §: ska anmälas utan"
    " dröjsmål",
    "Arbetstidslagen: 200 h a calendar year": "Arbetstidslagen: 200 timmar per kalenderår",
    "Göteborg model: 150 points is normal": "Göteborgs modell: 150 poäng är normalt",
    "NHS Scotland vacancy ageing": "NHS Scotland, vakansernas ålder",
    "Directive (EU) 2023/970, art. 9.1 a and 10": "direktiv (EU) 2023/970, artikel 9.1 a och 10",
    "Göteborg model; Västerås resource model of 2015": "Göteborgs modell; Västerås resursmodell från 2015",
}


def source_in(source: str, language: Language) -> str:
    """The source of a metric in a language."""
    return IN_SWEDISH.get(source, source) if language == "sv" else source
