"""What is wrong with single events, rows and cells, in words for people."""

from collections.abc import Mapping

from cli.connect.publishing.line import LineFault
from shared.contracts.rejections import Reason
from shared.language.language import Language

KINDS: Mapping[Language, dict[str, str]] = {
    "sv": {
        "cells": "raden har fler celler än rubrikraden",
        "decimals_added": "ett program har skrivit numret som ett tal med decimaler. Ta ut filen på nytt, med kolumnen"
        " som text",
        "digits_lost": "kalkylprogrammet har gjort om numret till en tiopotens, och siffrorna är borta. Ta ut filen på"
        " nytt, utan att öppna den i ett kalkylprogram",
        "empty": "cellen är tom",
        "excel_day": "det är ett kalkylprograms nummer på en dag. Visa kolumnen som datum och spara igen",
        "formula": "det är en formel eller dess felmeddelande. Spara filen med värden",
        "long_line": "raden är orimligt lång",
        "mixed_degrees": "det kan vara procent eller del av heltid",
        "month_first": "det går inte att se om dagen eller månaden står först",
        "no_date": "det är inget datum",
        "no_number": "det är inget tal",
        "not_in_register": "anställningen finns inte bland dem som --employments säger, och persnr saknas",
        "nul": "i cellen finns ett tecken som ingen text har (NUL). Ta ut filen på nytt",
        "other_encoding": "tecknen är inte i den teckenkodning som filen anger. Ta ut eller spara den på nytt",
        "open_quote": "ett citattecken börjar här och slutar inte, så raderna efter går inte att läsa",
        "repeated": "en tidigare rad säger något annat om samma anställning",
        "unknown_word": "ordet är inte känt",
        "zero_lost": "ett kalkylprogram har tagit bort nollan först i personnumret. Ta ut filen på nytt, utan att öppna"
        " den i ett kalkylprogram",
    },
    "en": {
        "cells": "the row has more cells than the header",
        "decimals_added": "a program has written the number with decimals. Take the file out again, with the column as"
        " text",
        "digits_lost": "the spreadsheet has turned the number into a power of ten, and its digits are lost. Take the"
        " file out again, and do not open it in a spreadsheet",
        "empty": "the cell is empty",
        "excel_day": "this is a spreadsheet's number of a day. Show the column as dates and save again",
        "formula": "this is a formula or its error. Save the file with values",
        "long_line": "the row is far too long",
        "mixed_degrees": "this can be per cent or a part of full time",
        "month_first": "nobody can see whether the day or the month comes first",
        "no_date": "this is no date",
        "no_number": "this is no number",
        "not_in_register": "the employment is not among those of --employments, and there is no persnr",
        "nul": "the cell has a sign that no text has (NUL). Export the file again",
        "other_encoding": "the characters are not in the encoding that the file declares. Take it out or save it again",
        "open_quote": "a quotation mark begins here and does not end, so the rows after it cannot be read",
        "repeated": "an earlier row says something else of the same employment",
        "unknown_word": "the word is not known",
        "zero_lost": "a spreadsheet has left out the zero in front of the number. Take the file out again, and do not"
        " open it in a spreadsheet",
    },
}
"""By what a spreadsheet or a payroll system made of a cell, without a full stop."""
REASONS: Mapping[Reason, str] = {
    "not_json": "det är ingen JSON",
    "not_utf8": "tecknen är inte i UTF-8",
    "wrong_type": "här ska stå ett värde av ett annat slag, som ett tal i stället för en text",
    "missing_field": "fältet saknas",
    "unknown_type": "det finns inget sådant slag av händelse",
    "invalid_value": "värdet är inget som får stå här",
    "date_out_of_range": "dagen är för långt borta",
    "recorded_in_future": "tiden ligger i framtiden",
    "ends_before_start": "slutet ligger före början",
    "subject_mismatch": "den som händelsen gäller är inte den som står i den",
    "conflict": "en annan händelse har samma id",
    "personal_identity_number": "här står ett personnummer, eller något som ser ut som ett",
    "too_large": "händelsen är för stor",
    "empty_message": "det är ingen händelse: den är tom",
    "wrong_content_type": "innehållets typ är en annan än den som sägs",
    "too_deep": "händelsen är för djupt nästlad",
    "source_not_allowed": "källan är inte en av dem som denna token får skicka för",
    "type_not_allowed": "slaget av händelse är inget som denna token får skicka",
    "subject_not_allowed": "den som händelsen gäller är ingen som denna token får skicka om",
    "other_tenant": "händelsen är en annan kommuns",
    "no_token": "token saknas",
    "wrong_token": "token gäller inte",
}
"""In Swedish, by reason; in English ingest says it itself."""


def said(fault: LineFault, language: Language) -> str:
    """The fault on a line: the reason for machines, where, and what is wrong; of a cell with its column."""
    if language == "en":
        return f"{fault.reason} at {fault.path}: {fault.message}"
    cell = f"{fault.column} {fault.cell!r}: " if fault.column else ""
    what = KINDS["sv"].get(fault.kind) or _reason(fault)
    return f"{fault.reason} i {fault.path}: {cell}{what}"


def _reason(fault: LineFault) -> str:
    """That of a newer ingest as it is."""
    return next((text for reason, text in REASONS.items() if reason == fault.reason), fault.message)
