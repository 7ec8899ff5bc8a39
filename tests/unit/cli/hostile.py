"""Names that do harm where a terminal, a spreadsheet, markup or mathematics is made of them."""

MARKUP = "[/x]"
FORMULAS = ("=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "x;=1", 'x;"=1"', "x\t-1", "x|@y", 'x,"=1')
UNSEEN = (
    "\x1b[2J",
    "\x07",
    "\x9b31m",
    "a\u202eb",
    "a\u2066b",
    "a\u200bb",
    "a\u2028b",
    "a\nb",
    "a\r\nb",
    "\ufeffa",
    "\U000e0041",
)
NAMES = (MARKUP, "[bold]x", ":boom:", "$a_", *FORMULAS, *UNSEEN)


def unseen(text: str) -> set[str]:
    """What a text has that cannot be seen, but for the ends of lines and the space inside of numbers."""
    return {c for c in text if not c.isprintable()} - {"\n", "\xa0"}
