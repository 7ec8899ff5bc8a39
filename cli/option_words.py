"""What each option and argument is, in Swedish: by what is said of it in English where it is declared."""

OPTIONS: dict[str, str] = {
    # of several commands
    "Show this message and exit.": "Visa den här hjälpen och sluta.",
    "Install completion for the current shell.": "Installera komplettering i det skal som används.",
    "Show completion for the current shell, to copy it or customize the installation.": "Visa kompletteringen för det"
    " skal som används, för den som vill kopiera eller ändra den.",
    "of the words": "ordens språk",
    "how to print": "hur det skrivs",
    "JSON lines of CloudEvents": "händelser (CloudEvents) som rader av JSON",
    "JSON lines of CloudEvents; without any, the metrics service": "händelser (CloudEvents) som rader av JSON; annars"
    " tjänsten metrics",
    "file to write (default: standard output)": "fil att skriva (annars stdout)",
    "file to write to (default: standard output)": "fil att skriva till (annars stdout)",
    "a file to write instead of printing": "en fil att skriva i stället",
    "the metrics service; the one that runs here if absent": "tjänsten metrics; annars den som kör här",
    "the alerts service; the one that runs here if absent": "tjänsten alerts; annars den som kör här",
    "the alerts service; default: the one that runs here": "tjänsten alerts; annars den som kör här",
    "of the metrics service; default: the one that runs here": "till tjänsten metrics; annars den som kör här",
    "of metrics; default: the one that runs here": "till metrics; annars den som kör här",
    "of ingest; default: the one that runs here": "till ingest; annars den som kör här",
    "of ingest; default: the stack that runs here": "till ingest; annars den som kör här",
    "the token of the source": "källsystemets token",
    "the calendar year": "kalenderåret",
    # compute
    "the day to compute for": "dagen att räkna för",
    "days of the window, or 12m: from the same date a year before": "mätperiodens dagar, eller 12m: från samma datum"
    " året före",
    "a row for each of these too": "dessutom en rad för varje",
    "only events recorded by then (RFC 3339)": "bara händelser som var kända då (RFC 3339)",
    "the measures behind the metrics too": "också de summor som måtten är gjorda av",
    "only these, comma separated": "bara dessa, med komma emellan",
    "hide health of so few or fewer; 0 shows all but pay": "dölj hälsa för så få eller färre; 0 visar allt utom lön",
    "case points that are a normal load at full time": "ärendepoäng som är normalt på heltid",
    # chart, evaluate
    "its name in docs/metrics.md": "måttets namn i docs/metrics.md",
    "a unit with everything below it; * for everything": "en enhet med allt under den; * för allt",
    "one occupation, or * for all": "ett yrke, eller * för alla",
    "first month (default: at most 36 months)": "första månaden (annars högst 36 månader)",
    "last month (default: the last whole one)": "sista månaden (annars den senaste hela)",
    "the day a plan starts; may be repeated": "dagen då en plan börjar; kan anges flera gånger",
    "default: as --output ends, else json": "annars som --output slutar, eller json",
    "default: as --output ends, else text": "annars som --output slutar, eller text",
    "a plan file; without events also the id of a plan that runs": "en planfil; utan händelser också id för en plan"
    " som gäller",
    "the id of a measure that the plan says how to evaluate": "id för en åtgärd som planen säger hur den ska"
    " utvärderas",
    "JSON lines of CloudEvents; without any, the alerts service": "händelser (CloudEvents) som rader av JSON; annars"
    " tjänsten alerts",
    "the plan as it was when the action began": "planen som den var när åtgärden började",
    "one metric of several (a picture shows one)": "ett mått av flera (en bild visar ett)",
    # simulate
    "employed when the log begins": "anställda när loggen börjar",
    "units they work in": "enheter som de arbetar i",
    "how long the log is": "hur lång loggen är",
    "its last day": "loggens sista dag",
    "the same seed gives the same log": "samma tal ger samma logg",
    "how late, wrong and contradictory it is": "hur sen, felaktig och motsägande den är",
    "the unit that goes wrong: name or reference, auto, none": "enheten där det går fel: namn eller beteckning, auto,"
    " none",
    "a small municipality: vasteras, boras, stockholm, goteborg, varmdo break a plan; or mentorer": "en liten kommun:"
    " vasteras, boras, stockholm, goteborg, varmdo bryter en plan; eller mentorer",
    # publish, import
    "JSON lines of CloudEvents, or a table with --mapping; - is stdin": "händelser (CloudEvents) som rader av JSON,"
    " eller en tabell med --mapping; - är stdin",
    "what the rows of a table mean": "vad en tabells rader betyder",
    "the day since which the files tell all there is of their types of events; else, since the first of them": (
        "dagen sedan vilken filerna säger allt om sina slag av händelser; annars sedan den första av dem"
    ),
    "say what ingest would refuse, and send nothing": "säg vad ingest skulle avvisa, och skicka inget",
    "CSV or .xlsx, a row for each employment": "CSV eller .xlsx, en rad för varje anställning",
    "when the file was taken out of its system": "när filen togs ut ur sitt system",
    "what its columns and words mean": "vad filens kolumner och ord betyder",
    "a file imported before: what it said already is left out": "en fil som har lästs in förut: det som den redan"
    " sade utelämnas",
    "the file has everybody: who is missing has left": "filen har alla: den som saknas har slutat",
    "the day since which the files tell all there is; else when the file was made, or the first day in the files": (
        "dagen sedan vilken filerna säger allt; annars när filen gjordes, eller den första dagen i filerna"
    ),
    "write the events here as JSON lines; default: stdout": "skriv händelserna hit som rader av JSON; annars stdout",
    "send the events to ingest instead": "skicka händelserna till ingest i stället",
    "write here, as JSON, what was understood and what not": "skriv hit, som JSON, vad som gick att förstå och vad"
    " som inte gick",
    "only say what is understood and what not": "säg bara vad som går att förstå och vad som inte går",
    "PAXml files, read as one": "PAXml-filer, lästa som en",
    "imported before: goes on into these, and is taken back where they differ": "inlästa förut: fortsätter i dessa,"
    " och tas tillbaka där de skiljer sig",
    "events of the employments, JSON lines: whose an anstid is": "händelser om anställningarna, rader av JSON: vems"
    " ett anstid är",
    "what more time codes mean, YAML": "vad fler tidkoder betyder, YAML",
    "when the files were made; else as each says": "när filerna gjordes; annars som var och en säger",
    "how long a report of hours is": "hur lång tid en rapport om timmar gäller",
    "hours of a day that no schedule tells": "timmar på en dag som inget schema säger något om",
    "the source of the events": "händelsernas källsystem",
    # a stack, a backup
    "Leave the services out.": "Utan tjänsterna.",
    "Stop everything at the end, rather than at Ctrl-C.": "Stoppa allt vid slutet, i stället för vid Ctrl-C.",
    "a folder that is not there yet": "en mapp som inte finns än",
    "with the keys and tokens that are set here, in keys.json": "med de nycklar och token som är satta här, i"
    " keys.json",
    "what stadga backup made": "det som stadga backup gjorde",
    "how many partitions hr.events is to have": "hur många partitioner hr.events ska ha",
    # what is asked of services
    "one kind, such as in_closed_unit; default: all": "ett slag, som in_closed_unit; annars alla",
    "samples of one unit and all below it": "exempel från en enhet och alla under den",
    "samples, at most": "exempel, som mest",
    "which service; both if absent": "vilken tjänst; annars båda",
    "which service; alerts for workforce.metrics, else metrics": "vilken tjänst; alerts för workforce.metrics, annars"
    " metrics",
    "where it answers, with --service; where it runs here if absent": "var den svarar, med --service; annars där den"
    " kör här",
    "only those put aside for this reason, such as not_json": "bara de som lades åt sidan av detta skäl, som not_json",
    "TOPIC/PARTITION/OFFSET, such as hr.events/3/1234": "ÄMNE/PARTITION/OFFSET, som hr.events/3/1234",
    "TOPIC/PARTITION/OFFSET; all there are if absent": "ÄMNE/PARTITION/OFFSET; annars alla som finns",
    "why; it is kept with the message": "varför; det sparas med meddelandet",
    "the state they are in": "läget som de är i",
    "how many at the most": "hur många, som mest",
    "which; default: all that failed": "vilka; annars alla som misslyckades",
    "as plans call them": "som planer kallar mottagaren",
    "what the person is called in the systems that publish, such as 19790101-2398": "vad personen kallas i de system"
    " som skickar händelser, som 19790101-2398",
    "kept with the decision; names nobody": "sparas med beslutet; ingen nämns",
    "without asking": "utan att fråga",
    # plans, sources, access
    "a file such as deploy/access.yaml": "en fil som deploy/access.yaml",
    "the registry": "registret",
    "a file with one unit a line: every unit the registry names must be in it": "en fil med en enhet per rad: varje"
    " enhet som registret nämner måste finnas i den",
    "a file with one unit a line: every unit the plan names must be in it": "en fil med en enhet per rad: varje enhet"
    " som planen nämner måste finnas i den",
    "plan files": "planfiler",
    "JSON lines of events: every unit the plan names must occur in them; they tell of false alarms, too": (
        "händelser som rader av JSON: varje enhet som planen nämner måste finnas i dem; de säger också något om"
        " falsklarm"
    ),
    "a plan file, as it lies in the folder of the plans or once did": "en planfil, som den ligger i planernas mapp"
    " eller en gång gjorde",
    "plans (.yaml), and JSON lines of CloudEvents; without any, the metrics service": "planer (.yaml), och händelser"
    " (CloudEvents) som rader av JSON; annars tjänsten metrics",
    "first day (default: that of the log, or a year ago)": "första dagen (annars loggens, eller för ett år sedan)",
    "last day (default: that of the log, or yesterday)": "sista dagen (annars loggens, eller i går)",
    "draw it into this file (PNG), too": "rita det också, i den här filen (PNG)",
    # proposals, reports
    "posts of case holders to share; whole or in quarters": "handläggartjänster att fördela; hela eller i fjärdedelar",
    "case points that are a normal load at full time; the service's own, 150": "ärendepoäng som är normalt på heltid;"
    " annars tjänstens egna, 150",
    "share over the units right below it (* for all); over every unit with cases if absent": "fördela på enheterna"
    " direkt under den (* för alla); annars på varje enhet med ärenden",
    "the day to share for; today if absent": "dagen att fördela för; annars i dag",
    "a unit, with all below it; * for the whole municipality": "en enhet, med alla under den; * för hela kommunen",
    "as known on that day; today if absent": "som det var känt den dagen; annars i dag",
    "the calendar year, which is over": "kalenderåret, som ska vara slut",
    "how to print; html is a page to print": "hur det skrivs; html är en sida att skriva ut",
}
