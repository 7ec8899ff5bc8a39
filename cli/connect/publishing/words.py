"""The words of what keeps whole files from being read or sent, and of what became of them, in both languages."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from shared.language.language import Language
from shared.language.numbers import plain
from shared.language.phrase import phrase

Hindrance = Literal[
    # the file
    "pdf",
    "rtf",
    "web_page",
    "xml",
    "events",
    "paxml",
    "no_text",
    "old_workbook",
    "workbook",
    "compressed",
    "half_archive",
    "pipe",
    "table",
    "empty",
    "utf16",
    "unread_letters",
    "archive",
    "broken_workbook",
    "large_part",
    "large_cell",
    "no_sheet",
    "no_file",
    "is_folder",
    "no_right",
    "disk_full",
    "system",
    # the mapping, and the columns it asks for
    "yaml",
    "no_encoding",
    "no_lines",
    "bare_retraction",
    "no_type",
    "no_field",
    "no_source",
    "header_long",
    "header_quote",
    "header_unread",
    "columns_twice",
    "no_column",
    "no_header",
    "no_as_of",
    "no_persons",
    # what an import is told
    "as_of",
    "known_from",
    "nobody_before",
    "no_rows",
    "cut",
    "unreadable",
    "sheet_alike",
    "half_gone",
    "no_event",
    "no_paxml",
    "table_no_paxml",
    "undated",
    "no_moment",
    "other_encoding",
    "made_then",
    "not_later",
    # sending
    "token",
    "address",
    "refused",
    "away",
    "uncounted",
]
"""What keeps files from being read or sent."""


class Words(NamedTuple):
    """Patterns: sentences by kind, what was wanted instead of a file of another kind, and how publishing went."""

    hindrances: Mapping[Hindrance, str]
    wanted: Mapping[str, str]
    accepted: str
    acceptable: str
    more: str
    again: str
    before: str
    none_sent: str
    not_whole: str
    whole_without: str


SV = Words(
    hindrances={
        "pdf": "en PDF, {wanted}",
        "rtf": "ett textdokument (RTF), {wanted}",
        "web_page": "en webbsida (HTML), {wanted}",
        "xml": "en XML-fil, {wanted}",
        "events": "händelser redan: skicka dem med stadga publish",
        "paxml": "en PAXml-fil: läs in den med stadga import paxml",
        "no_text": "ingen text och {wanted}",
        "old_workbook": "en gammal Excelfil (.xls), eller en med lösenord: spara den som .xlsx utan lösenord",
        "workbook": "en Excelfil eller ett arkiv, {wanted}",
        "compressed": "komprimerad: packa upp den först",
        "half_archive": "en halv Excelfil eller ett halvt arkiv: hämta filen på nytt",
        "table": "en tabell, inga händelser: gör händelser av den med stadga import employments",
        "pipe": "ingen fil utan ett rör eller en enhet: spara det som kommer ur det, och ge den filen",
        "empty": "filen är tom: ta ut den på nytt",
        "utf16": "skriven i UTF-16; spara den som UTF-8",
        "unread_letters": "det går inte att läsa å, ä och ö här: filen är i en teckenkodning som inte är UTF-8 eller"
        " Windows-1252. Spara den som UTF-8",
        "archive": "ett arkiv, ingen Excelfil: packa upp det, eller spara som .xlsx",
        "broken_workbook": "en trasig Excelfil ({said}): spara eller hämta den på nytt",
        "large_part": "en Excelfil med en del på mer än {most} byte: exportera den som CSV",
        "large_cell": "en Excelfil med en cell med mer text än Excel tillåter: exportera den som CSV",
        "no_sheet": "en Excelfil utan något blad som syns",
        "no_file": "det finns ingen sådan fil",
        "is_folder": "det är en mapp: ge en fil",
        "no_right": "du får inte läsa eller skriva den",
        "disk_full": "disken är full",
        "system": "systemet säger: {said}",
        "yaml": "filen säger inte det den ska: {said}",
        "no_encoding": "ingen teckenkodning heter {encoding}",
        "no_lines": "filer i {encoding} går inte att läsa rad för rad; spara dem som UTF-8",
        "bare_retraction": "{type} har inga data, och behöver states: vad som tas tillbaka",
        "no_type": "ingen händelsetyp heter {type}",
        "no_field": "{type} har inget fält {fields}; den har {known}",
        "no_source": "{name} behöver antingen column eller constant",
        "header_long": "rubrikraden är orimligt lång. Är det en CSV-fil?",
        "header_quote": "ett citattecken i rubrikraden slutar inte",
        "header_unread": "rubrikraden går inte att läsa som CSV ({said})",
        "columns_twice": "mer än en kolumn är {columns}",
        "no_column": "filen saknar {columns}; den har {has}",
        "no_header": "filen saknar {columns}; den har ingen rubrikrad",
        "no_as_of": "mappningen frågar efter as_of, dagen då filen togs ut. Den sägs till stadga import employments med"
        " --as-of: använd det i stället för stadga publish",
        "no_persons": "{employments} anställningar av {persons} [person|personer]: det som ska säga vem det gäller"
        " kan inte stämma",
        "as_of": "--as-of {day}: ingen fil kan vara från den dagen. Stämmer året?",
        "known_from": "--known-from {day}: ingen kan veta allt sedan dess. Stämmer året?",
        "nobody_before": "--complete behöver --previous, och en mappning med history: vilka fanns förut?",
        "no_rows": "filen har inga rader, så den har inte alla",
        "cut": "filen slutar mitt i en rad, så den har inte alla",
        "unreadable": "{n} [rad|rader] går inte att läsa, så ingen vet vilka som har slutat",
        "sheet_alike": "bladet {sheet} har samma kolumner och {n} [rad|rader], och bara bladet {read} läses. Samla alla"
        " på ett blad, eller importera utan --complete",
        "half_gone": "{n} [anställning|anställningar] i {before} finns inte i den, mer än hälften: är det samma"
        " register? Importera den utan --complete, eller ge rätt --previous",
        "no_event": "ingen händelse: {said}",
        "no_paxml": "XML, men inte PAXml: den har inget element <paxml>",
        "table_no_paxml": "en tabell, ingen PAXml: är den av anställningar, läs in den med stadga import employments",
        "undated": "filens header har inget datum; säg med --as-of när filen gjordes",
        "no_moment": "filens header har datum ”{said}”, och det går inte att förstå: säg med --as-of när filen gjordes",
        "other_encoding": "filen är inte skriven i den teckenkodning som den anger, {encoding}: ta ut eller spara den"
        " på nytt",
        "made_then": "gjord {day}: ingen fil kan vara från den dagen. Stämmer året?",
        "not_later": "gjord {made}, inte tidigare än filerna som kommer efter den",
        "token": "det är ingen token: en sådan har bokstäver, siffror och tecken ur ASCII, på en rad",
        "address": "--url är ingen adress till en tjänst: väntade http://VÄRD:PORT, utan namn och lösenord",
        "refused": "{status} {said}",
        "away": "{said}",
        "uncounted": "det godtogs inte hur många händelser leveransen har",
    },
    wanted={
        "table": "ingen tabell: exportera den som CSV eller som Excelfil (.xlsx)",
        "events": "inga händelser: en fil som stadga import har gjort behövs",
        "paxml": "ingen PAXml: exportera den som PAXml (.xml)",
    },
    accepted="godtagna {accepted}, avvisade {rejected}",
    acceptable="skulle godtas {accepted}, avvisas {rejected}",
    more="… och {n} till",
    again="{said}; försöker igen",
    before="{n} [händelse|händelser] publicerades innan dess",
    none_sent="ingenting skickades",
    not_whole="leveransen {name} är inte fullständig: kör samma kommando igen",
    whole_without="leveransen {name} är fullständig utan det som avvisades",
)
EN = Words(
    hindrances={
        "pdf": "a PDF, {wanted}",
        "rtf": "a text document (RTF), {wanted}",
        "web_page": "a web page (HTML), {wanted}",
        "xml": "an XML file, {wanted}",
        "events": "events already: send them with stadga publish",
        "paxml": "a PAXml file: read it with stadga import paxml",
        "no_text": "no text and {wanted}",
        "old_workbook": "an old Excel file (.xls), or one with a password: save it as .xlsx without one",
        "workbook": "an Excel workbook or an archive, {wanted}",
        "compressed": "compressed: unpack it first",
        "half_archive": "half of a workbook or of an archive: fetch the file again",
        "table": "a table, no events: make events of it with stadga import employments",
        "pipe": "no file but a pipe or a device: save what comes from it, and give that file",
        "empty": "the file is empty: take it out again",
        "utf16": "in UTF-16; save it as UTF-8",
        "unread_letters": "letters such as å, ä and ö cannot be read here: the file is in an encoding that is neither"
        " UTF-8 nor Windows-1252. Save it as UTF-8",
        "archive": "an archive, no workbook of Excel: unpack it, or save it as .xlsx",
        "broken_workbook": "an Excel workbook that is broken ({said}): save or fetch it again",
        "large_part": "a workbook with a part of more than {most} bytes: export it as CSV",
        "large_cell": "a workbook with a cell of more text than Excel allows: export it as CSV",
        "no_sheet": "a workbook without a sheet that can be seen",
        "no_file": "No such file",
        "is_folder": "Is a directory: give a file",
        "no_right": "you may not read or write it",
        "disk_full": "the disk is full",
        "system": "the system says: {said}",
        "yaml": "the file does not say what it should: {said}",
        "no_encoding": "no encoding is called {encoding}",
        "no_lines": "files in {encoding} cannot be read line by line; save them as UTF-8",
        "bare_retraction": "{type} has no data, and needs states: what is retracted",
        "no_type": "no type is called {type}",
        "no_field": "{type} has no field {fields}; it has {known}",
        "no_source": "{name} needs either a column or a constant",
        "header_long": "the header is far too long. Is it a CSV file?",
        "header_quote": "a quotation mark in the header does not end",
        "header_unread": "the header cannot be read as CSV ({said})",
        "columns_twice": "more than one column is {columns}",
        "no_column": "no column {columns}; the file has {has}",
        "no_header": "no column {columns}; the file has no header",
        "no_as_of": "the mapping asks for as_of, the day the file was taken out. Tell it to stadga import employments"
        " with --as-of: use that instead of stadga publish",
        "no_persons": "{employments} employments of {persons} [person|persons]: what names the persons cannot be right",
        "as_of": "--as-of {day}: no file can be from then. Is the year right?",
        "known_from": "--known-from {day}: nobody can know all since then. Is the year right?",
        "nobody_before": "--complete needs --previous, and a mapping with history: who was there before?",
        "no_rows": "it has no rows, so it does not have everybody",
        "cut": "it ends in the middle of a row, so it does not have everybody",
        "unreadable": "{n} [row|rows] cannot be read, so nobody knows who has left",
        "sheet_alike": "sheet {sheet} has the same columns and {n} [row|rows], and only sheet {read} is read. Put"
        " everybody on one sheet, or import it without --complete",
        "half_gone": "{n} [employment|employments] of {before} are not in it, more than half: is it the same register?"
        " Import it without --complete, or with the right --previous",
        "no_event": "not an event: {said}",
        "no_paxml": "XML, but not PAXml: it has no element <paxml>",
        "table_no_paxml": "a table, no PAXml: if it is of employments, read it with stadga import employments",
        "undated": "its header has no datum; say with --as-of when the file was made",
        "no_moment": "its header has the datum “{said}”, which is no time: say with --as-of when the file was made",
        "other_encoding": "it is not in the encoding that it declares, {encoding}: take it out or save it again",
        "made_then": "made {day}: no file can be from then. Is the year right?",
        "not_later": "made {made}, no earlier than the files that come after it",
        "token": "the token is none: one has letters, digits and signs of ASCII, on one line",
        "address": "--url is no address of a service: expected http://HOST:PORT, without a name or a password",
        "refused": "{status} {said}",
        "away": "{said}",
        "uncounted": "how many events the delivery has was not accepted",
    },
    wanted={
        "table": "no table: export it as CSV or as an Excel workbook (.xlsx)",
        "events": "no events: a file that stadga import has made is needed",
        "paxml": "no PAXml: export it as PAXml (.xml)",
    },
    accepted="accepted {accepted}, rejected {rejected}",
    acceptable="would be accepted {accepted}, refused {rejected}",
    more="… and {n} more",
    again="{said}; trying again",
    before="{n} [event was|events were] published before",
    none_sent="nothing was sent",
    not_whole="delivery {name} is not whole: run the same command again",
    whole_without="delivery {name} is whole without what was rejected",
)
WORDS: dict[Language, Words] = {"sv": SV, "en": EN}


def filled(pattern: str, language: Language, numbers: Mapping[str, float], texts: Mapping[str, str]) -> str:
    """A pattern with its numbers as the language writes them, and other texts."""
    shown = {name: plain(n, language).replace("\N{NO-BREAK SPACE}", " ") for name, n in numbers.items()}
    return phrase(pattern, numbers, {**shown, **texts})
