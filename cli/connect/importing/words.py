"""The words of an import's report, for who has never seen one, in both languages."""

from typing import NamedTuple

from cli.connect.publishing.faults import KINDS
from shared.language.language import Language


class Words(NamedTuple):
    """Patterns of sentences; what is wrong by kind, by reason, and what a field should be."""

    read: str
    read_rows: str
    faults: str
    more: str
    hidden: str
    row: str
    column: str
    field: str
    cell: str
    should: str
    notes: str
    made: str
    nothing: str
    checked: str
    written: str
    not_done: str
    taken_back: str
    unusable: str
    remarks: dict[str, str]
    kinds: dict[str, str]
    reasons: dict[str, str]
    fields: dict[str, str]
    events: dict[str, str]


SV = Words(
    read="{n} [post|poster]: {used} används, {passed} hoppas över, {unknown} har okända koder,"
    " {faulty} kan inte användas",
    read_rows="{n} [rad|rader]: {used} används, {passed} hoppas över, {faulty} kan inte användas",
    faults="Kan inte användas – rätta och importera filen igen:",
    more="och {n} till",
    hidden="Ytterligare {n} [rad|rader] kan inte användas.",
    row="rad {line}",
    column="Kolumnen {column}",
    field="Fältet {field}",
    cell=" ”{cell}”",
    should="Det ska vara {should}.",
    notes="Att känna till:",
    made="Av detta blir: {events}, om {people} [person|personer]",
    nothing="Av detta blir ingenting nytt.",
    checked="Det var en kontroll: ingenting är sparat eller skickat.",
    written="Sparat i {file}. Ingenting är skickat.",
    not_done="Ingenting är sparat eller skickat.",
    taken_back="{n} [uppgift|uppgifter] tas tillbaka",
    unusable="det går inte att använda.",
    remarks={
        "shares": "Kolumnen {column} är läst som delar av en heltid: 1 är heltid, 0,75 är 75 procent.",
        "mixed_degrees": "Kolumnen {column} har både procent och tal upp till 1: {cells} [rad är oklar|rader är"
        " oklara], den första rad {row}.",
        "forms_of_days": "Kolumnen {column} har datum skrivna på flera sätt: {cells} [cell|celler] inte som de flesta,"
        " den första på rad {row}.",
        "month_first": "Kolumnen {column} har datum som börjar med månaden: {cells} [cell är oklar|celler är oklara],"
        " den första på rad {row}.",
        "day_first": "Kolumnen {column} har {cells} datum som 03/05/2021, och inget i filen visar om dagen eller"
        " månaden står först. De är lästa med dagen först. Stämmer det? Den första på rad {row}.",
        "odd_numbers": "Kolumnen {column} har {cells} [cell|celler] som inte är personnummer, fast filen har sådana:"
        " {first}.",
        "columns": "Kolumner som inte läses: {columns}.",
        "sheet_read": "Arbetsbokens blad {sheet} är läst.",
        "sheet_left_out": "Bladet {sheet} är inte läst: {n} [rad|rader].",
        "sheet_hidden": "Det dolda bladet {sheet} är inte läst: {n} [rad|rader].",
        "footers": "{n} [rad|rader] under listan, som summor, hoppas över: den första rad {row}.",
        "no_rows": "Filen har inga rader under rubrikraden.",
        "cut": "Filen slutar mitt i en rad. Är det hela filen?",
        "no_root_end": "{file} slutar utan </paxml>: det som stod sist kan saknas. Är det hela filen?",
        "known": "Filen berättar hur det är från och med {day}. Mått som ser ett år tillbaka, som personalomsättning,"
        " visas därför först ett år senare.",
        "ends": "{n} [anställning|anställningar] hade redan upphört, den första {day}. Har filen alla som slutat sedan"
        " en viss dag, så säg det med --known-from DAG.",
        "missing": "Av den förra filen saknas {n} [anställning|anställningar] i den här. De står kvar som anställda."
        " Har den här filen alla anställda, så säg det med --complete.",
        "left": "Av den förra filen saknas {n} [anställning|anställningar] i den här. De slutar nu {day}, med skälet"
        " ”annat”.",
        "never_began": "{n} [anställning|anställningar] som ännu inte hade börjat saknas också. Det som den förra filen"
        " sade om detta tas tillbaka.",
        "moved": "{n} [anställning|anställningar] har fått ett annat personnummer. Det som sagts om det gamla tas"
        " tillbaka och sägs om det nya. Importera också frånvaro och tid igen.",
        "terms_before_start": "På {n} [rad|rader] ligger Gäller från före Från, den första rad {row}. Det som står där"
        " gäller då från Från. Stämmer dagarna?",
        "long_day": "{hours} timmar den {day}, {longest} av dem på rad {line} i {file}: ett dygn har {most}.",
        "hours_ahead": "{n} [post|poster] har arbetade timmar efter den {day}, då {file} gjordes, längst fram {far} på"
        " rad {line}. De räknas. Stämmer dagarna?",
        "absences_ahead": "{n} [post|poster] har frånvaro efter den {day}, då {file} gjordes, längst fram {far} på rad"
        " {line}. Den räknas. Stämmer dagarna?",
        "schedules_ahead": "{n} [dag|dagar] i scheman är mer än ett år efter den {day}, då {file} gjordes, längst fram"
        " {far}, i schemat på rad {line}. Stämmer dagarna?",
        "starts_ahead": "{n} [anställning börjar eller ändras|anställningar börjar eller ändras] efter den {day}, då"
        " {file} gjordes, längst fram {far} på rad {line}. Stämmer dagarna?",
        "ends_ahead": "{n} [anställning slutar|anställningar slutar] mer än tio år efter den {day}, då {file} gjordes,"
        " längst fram {far} på rad {line}. Stämmer dagarna?",
        "bare_persons": "{n} [person|personer] saknar anstdatum, befattning eller resenhet av dimension {dimension}: de"
        " är kända, men av deras anställningar blir inget.",
        "no_form": "{n} [person|personer] saknar anstform och räknas som tillsvidareanställda.",
        "own_code_absent": "Koden {code}: {n} [post|poster] räknas som ledighet. Varje arbetsgivare bestämmer"
        " vad den betyder: säg det med --codes.",
        "own_code_passed": "Koden {code}: {n} [post|poster] hoppas över. Varje arbetsgivare bestämmer vad den betyder:"
        " säg det med --codes.",
        "extra_hours_alone": "{n} [anställning|anställningar] har övertid eller mertid men varken schema eller vanliga"
        " timmar. Såvitt filerna säger arbetades inget annat, så övertidsandelen blir för hög.",
        "extents_are_shares": "Fältet omfattning är i {file} läst som delar av en heltid: 1 är heltid, 0,75 är 75"
        " procent. {n} [post|poster], den första på rad {line}.",
        "hours_left_empty": "{file}: {n} [post|poster] har fältet timmar utan något i, den första på rad {line}."
        " Räknas som hela dagar.",
        "no_last_day": "{file}: {n} [post|poster] har inget slut, den första på rad {line}. Räknas till och"
        " med dagen då filen gjordes.",
        "said_twice": "{file}: {n} [post|poster] säger precis samma sak som en tidigare, den första på rad {line}."
        " Räknas också. Stämmer det?",
        "read_as_utf8": "{file} säger att den är i {encoding} men är skriven i UTF-8, och är läst så.",
        "code": "Koden {code} är okänd: {n} [post|poster], den första på rad {line} i {file}.",
    },
    kinds=KINDS["sv"],
    reasons={
        "ends_before_start": "slutet ligger före början",
        "date_out_of_range": "dagen är för långt borta",
        "recorded_in_future": "filens dag är i framtiden",
        "personal_identity_number": "här står ett personnummer, eller något som ser ut som ett. Det får bara stå i"
        " kolumnerna för personnummer",
        "not_utf8": "tecknen går inte att läsa. Spara filen som UTF-8",
        "missing_field": "något saknas",
        "not_well_formed": "posten är ingen hel XML",
        "outside_employment": "timmar på en dag då anställningen inte gäller",
        "nothing_to_take_back": "här tas fler timmar tillbaka än filerna säger. Ge filen som säger dem med --previous",
    },
    fields={
        "fte": "procent av heltid, 0–100, till exempel 75",
        "monthly_pay": "månadslön vid heltid i kronor, 5 000–1 000 000",
        "variable_pay": "rörlig lön i månaden vid heltid i kronor, 0–1 000 000",
        "category": "kategorins namn, utan | och högst 200 tecken. Ett * betyder alla och är inget namn",
        "born": "någon som var 13–120 år när anställningen började; se också efter om första dagen stämmer",
        "effective": "ett datum som 2024-01-31",
        "last_day": "ett datum som 2024-01-31, eller tomt",
        "share": "del av heltid, 0–1, till exempel 0,75",
        "unit": "enhetens namn, utan | och högst 200 tecken. Ett * betyder alla enheter och är inget namn",
        "occupation": "befattningens namn, utan | och högst 200 tecken. Ett * betyder alla och är inget namn",
        "employment": "anställningens nummer",
        "form": "en anställningsform som Tillsvidare, Vikariat eller Timavlönad",
        "reason": "ett skäl som Egen begäran eller Pension",
        "gender": "K eller M",
        "anstid": "anstid eller persnr, som säger vem det gäller",
        "datum": "ett datum som 2024-01-31",
        "datumfrom": "ett datum som 2024-01-31",
        "datumtom": "ett datum som 2024-01-31",
        "starttid": "en tid som 2024-01-31T08:00:00",
        "sluttid": "en tid som 2024-01-31T08:00:00",
        "omfattning": "procent av heltid, mer än 0 och högst 100, till exempel 75",
        "sysgrad": "procent av heltid, 0–100, till exempel 75",
        "persnr": "ett personnummer, eller det som annars säger vem det gäller, högst 200 tecken",
        "subject": "det som säger vem det gäller, med bokstäver eller siffror, högst 200 tecken",
        "manager": "chefens personnummer, eller det som annars säger vem chefen är, högst 200 tecken",
        "tidkod": "en tidkod som SJK",
        "anstdatum": "ett datum som 2024-01-31",
        "avgdatum": "ett datum som 2024-01-31, eller tomt",
        "anstform": "en anställningsform som Tillsvidare, Vikariat eller Timavlönad",
        "absence": "det som säger vilken frånvaro det gäller, högst 200 tecken",
        "worked_hours": "arbetade timmar, högst 24 om dagen",
        "overtime_hours": "övertidstimmar, högst så många som de arbetade",
        "timmar": "antal timmar, högst 24 om dagen, till exempel 7,5",
    },
    events={
        "hr.employment.started.v1": "{n} [anställning börjar|anställningar börjar]",
        "hr.employment.changed.v1": "{n} [ändring|ändringar] av anställningar",
        "hr.employment.ended.v1": "{n} [anställning slutar|anställningar slutar]",
        "hr.absence.started.v1": "{n} [frånvaro börjar|frånvaron börjar]",
        "hr.absence.changed.v1": "{n} [ändring|ändringar] av frånvaro",
        "hr.absence.ended.v1": "{n} [frånvaro slutar|frånvaron slutar]",
        "hr.time.reported.v1": "{n} [tidrapport|tidrapporter]",
    },
)
EN = Words(
    read="{n} [record|records]: {used} used, {passed} passed over, {unknown} of unknown codes, {faulty} cannot be used",
    read_rows="{n} [row|rows]: {used} used, {passed} passed over, {faulty} cannot be used",
    faults="Cannot be used – mend this and import the file again:",
    more="and {n} more",
    hidden="{n} more [row|rows] cannot be used.",
    row="row {line}",
    column="Column {column}",
    field="Field {field}",
    cell=" “{cell}”",
    should="It should be {should}.",
    notes="Good to know:",
    made="This makes: {events}, about {people} [person|people]",
    nothing="This makes nothing new.",
    checked="This was a check: nothing is kept or sent.",
    written="Kept in {file}. Nothing is sent.",
    not_done="Nothing is kept or sent.",
    taken_back="{n} [statement|statements] taken back",
    unusable="this cannot be used.",
    remarks={
        "shares": "Column {column} is read as parts of full time: 1 is full time, 0.75 is 75 per cent.",
        "mixed_degrees": "Column {column} has per cents and numbers up to 1: {cells} [row|rows] can mean two things,"
        " the first of them row {row}.",
        "forms_of_days": "Column {column} has dates in several forms: {cells} [cell|cells] in another than most, the"
        " first at row {row}.",
        "month_first": "Column {column} has dates that begin with the month: {cells} [cell|cells] can mean two days,"
        " the first at row {row}.",
        "day_first": "Column {column} has {cells} [date|dates] such as 03/05/2021, and nothing in the file shows"
        " whether the day or the month comes first. They are read with the day first. Is that right? The first at row"
        " {row}.",
        "odd_numbers": "Column {column} has {cells} [cell that is no personal identity number|cells that are no"
        " personal identity numbers], though the file has such: {first}.",
        "columns": "Columns not read: {columns}.",
        "sheet_read": "Sheet {sheet} of the workbook is read.",
        "sheet_left_out": "Sheet {sheet} is not read: {n} [row|rows].",
        "sheet_hidden": "The hidden sheet {sheet} is not read: {n} [row|rows].",
        "footers": "{n} [row|rows] under the list, such as sums, passed over: the first at row {row}.",
        "no_rows": "The file has no rows under its header.",
        "cut": "The file ends in the middle of a row. Is it the whole file?",
        "no_root_end": "{file} ends without </paxml>: what stood last may be missing. Is it the whole file?",
        "known": "The file tells how things are from {day} on. Figures that look back a year, such as turnover, are"
        " therefore shown only a year later.",
        "ends": "{n} [employment|employments] had ended already, the first on {day}. If the file has everybody who left"
        " since a day, say so with --known-from DAY.",
        "missing": "Of the previous file {n} [employment is|employments are] not in this one. They stay employed. If"
        " this file has everybody, say so with --complete.",
        "left": "Of the previous file {n} [employment is|employments are] not in this one. They end on {day} now, with"
        " the reason “other”.",
        "never_began": "{n} [employment is|employments are] missing that had not begun yet. What the previous file said"
        " of this is taken back.",
        "moved": "{n} [employment has|employments have] another personal number now. What was said of the old one is"
        " taken back and said of the new one. Import absences and hours again, too.",
        "terms_before_start": "On {n} [row|rows] terms hold since before the employment begins, first on row {row}."
        " They count from its beginning. Are the days right?",
        "long_day": "{hours} hours on {day}, {longest} of them at row {line} of {file}: a day has {most}.",
        "hours_ahead": "{n} [record has|records have] hours worked after {day}, when {file} was made, the farthest"
        " ahead {far} at row {line}. They count. Are the days right?",
        "absences_ahead": "{n} [record has|records have] absence after {day}, when {file} was made, the farthest ahead"
        " {far} at row {line}. It counts. Are the days right?",
        "schedules_ahead": "{n} [day|days] of schedules [is|are] more than a year after {day}, when {file} was made,"
        " the farthest ahead {far}, in the schedule at row {line}. Are the days right?",
        "starts_ahead": "{n} [employment begins or changes|employments begin or change] after {day}, when {file} was"
        " made, the farthest ahead {far} at row {line}. Are the days right?",
        "ends_ahead": "{n} [employment ends|employments end] more than ten years after {day}, when {file} was made, the"
        " farthest ahead {far} at row {line}. Are the days right?",
        "bare_persons": "{n} [person has|persons have] no anstdatum, no befattning or no resenhet of dimension"
        " {dimension}: they are known, but nothing comes of their employments.",
        "no_form": "{n} [person has no anstform and counts|persons have no anstform and count] as permanent.",
        "own_code_absent": "Code {code}: {n} [record is|records are] taken as leave. Each employer decides"
        " what it means: say so with --codes.",
        "own_code_passed": "Code {code}: {n} [record is|records are] passed over. Each employer decides what it means:"
        " say so with --codes.",
        "extra_hours_alone": "{n} [employment has|employments have] extra hours but neither a schedule nor ordinary"
        " hours. As far as the files tell, they worked nothing else, so overtime_share will be too high.",
        "extents_are_shares": "Field omfattning of {file} is read as parts of full time: 1 is full time, 0.75 is 75 per"
        " cent. {n} [record|records], the first at row {line}.",
        "hours_left_empty": "{file}: {n} [record has|records have] the field timmar with nothing in it, the first at"
        " row {line}. Counted as whole days.",
        "no_last_day": "{file}: {n} [record has|records have] no end, the first at row {line}. Counted until the day"
        " the file was made.",
        "said_twice": "{file}: {n} [record says|records say] exactly what one before says, the first at row {line}."
        " Counted all the same. Is that right?",
        "read_as_utf8": "{file} says that it is in {encoding} but is written in UTF-8, and is read as that.",
        "code": "Code {code} is not known: {n} [record|records], the first at row {line} of {file}.",
    },
    kinds=KINDS["en"],
    reasons={
        "ends_before_start": "the end lies before the beginning",
        "date_out_of_range": "the day is too far away",
        "recorded_in_future": "the day of the file is in the future",
        "personal_identity_number": "here is a personal identity number, or something that looks like one. It may stand"
        " in the columns for such numbers only",
        "not_utf8": "the characters cannot be read. Save the file as UTF-8",
        "missing_field": "something is missing",
        "not_well_formed": "the record is no whole XML",
        "outside_employment": "hours on a day when the employment does not last",
        "nothing_to_take_back": "this takes back more hours than files tell of. Give the file that does as --previous",
    },
    fields={
        "fte": "per cent of full time, 0–100, such as 75",
        "monthly_pay": "the monthly pay at full time in SEK, 5,000–1,000,000",
        "variable_pay": "the variable pay a month at full time in SEK, 0–1,000,000",
        "category": "the name of the category, without | and of at most 200 characters. An * means all and is no name",
        "born": "somebody who was 13–120 years old when the employment began; see, too, if its first day is right",
        "effective": "a date such as 2024-01-31",
        "last_day": "a date such as 2024-01-31, or empty",
        "share": "a part of full time, 0–1, such as 0.75",
        "unit": "the name of the unit, without | and of at most 200 characters. An * means all units and is no name",
        "occupation": "the name of the occupation, without | and of at most 200 characters. An * means all and is no"
        " name",
        "employment": "the number of the employment",
        "form": "a form of employment such as Tillsvidare, Vikariat or Timavlönad",
        "reason": "a reason such as Egen begäran or Pension",
        "gender": "K or M",
        "anstid": "anstid or persnr, which says whom it is about",
        "datum": "a date such as 2024-01-31",
        "datumfrom": "a date such as 2024-01-31",
        "datumtom": "a date such as 2024-01-31",
        "starttid": "a time such as 2024-01-31T08:00:00",
        "sluttid": "a time such as 2024-01-31T08:00:00",
        "omfattning": "per cent of full time, above 0 and at most 100, such as 75",
        "sysgrad": "per cent of full time, 0–100, such as 75",
        "persnr": "a personal identity number, or what else says whom it is about, of at most 200 characters",
        "subject": "what says whom it is about, with letters or digits, of at most 200 characters",
        "manager": "the manager's personal identity number, or what else says who it is, of at most 200 characters",
        "tidkod": "a time code such as SJK",
        "anstdatum": "a date such as 2024-01-31",
        "avgdatum": "a date such as 2024-01-31, or empty",
        "anstform": "a form of employment such as Tillsvidare, Vikariat or Timavlönad",
        "absence": "what says which absence it is, of at most 200 characters",
        "worked_hours": "hours worked, at most 24 a day",
        "overtime_hours": "hours of overtime, at most as many as those worked",
        "timmar": "hours, at most 24 a day, such as 7.5",
    },
    events={
        "hr.employment.started.v1": "{n} [employment begins|employments begin]",
        "hr.employment.changed.v1": "{n} [change|changes] of employments",
        "hr.employment.ended.v1": "{n} [employment ends|employments end]",
        "hr.absence.started.v1": "{n} [absence begins|absences begin]",
        "hr.absence.changed.v1": "{n} [change|changes] of absences",
        "hr.absence.ended.v1": "{n} [absence ends|absences end]",
        "hr.time.reported.v1": "{n} [time report|time reports]",
    },
)
WORDS: dict[Language, Words] = {"sv": SV, "en": EN}
