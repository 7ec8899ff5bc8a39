"""One identity number as systems and people write it, and strategies of texts that hold it."""

from hypothesis import strategies as st

VALID = "198112189876"
_BETWEEN = (
    "-",
    " ",
    "   ",
    ".",
    "/",
    "_",
    ":",
    ",",
    "\u00a0",
    "\u202f",
    "\u200b",
    "\u2011",
    "\u2013",
    "\u2014",
    "\u2212",
    "\u3164",
    "\uffa0",
    "\u115f",
    "\u1160",
    "\u2800",
    "\u034f",
    "ー",
    "ʼ",
    "ꞏ",
    "ǀ",
    "ᐨ",
    "年",
    "%2D",
    "%E2%80%93",
    "%252D",
    "&#45;",
    "&#x2d;",
    "&hyphen;",
    "&amp;#45;",
    "\\u002d",
    "\\x2d",
)
_SCRIPTS = (
    "０１２３４５６７８９",
    "٠١٢٣٤٥٦٧٨٩",
    "०१२३४५६७८९",
    "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗",
    "🄋➀➁➂➃➄➅➆➇➈",
    "⓿❶❷❸❹❺❻❼❽❾",
    "〇一二三四五六七八九",
)
_JOINED = [VALID, VALID[2:]]
_PARTED = [f"{date}{sign}9876" for date in ("19811218", "811218") for sign in _BETWEEN]
_DATED = [f"1981{sign}12{sign}18{sign}9876" for sign in _BETWEEN]
_SIGNED = [
    f"{VALID[:8]}+{VALID[8:]}",
    "1 9 8 1 1 2 1 8 - 9 8 7 6",
    " 811218-9876 ",
    "8112\u00ad18-9876",
    "\u202e811218-9876",
]
_SCRIPTED = [
    text.translate(dict(zip(map(ord, "0123456789"), script, strict=True))) for script in _SCRIPTS for text in _JOINED
]
SPELLINGS = [*_JOINED, *_PARTED, *_DATED, *_SIGNED, *_SCRIPTED]

AROUND = st.text("xyåÖ #", max_size=6)
"""No hexadecimal letters, which would make an object id of some: in those ten digits are found by chance."""
planted = st.builds(
    lambda a, b, c: f"{a}{b}{c}",
    AROUND,
    st.sampled_from(SPELLINGS),
    AROUND | st.from_regex(r"[0-9]{1,3}", fullmatch=True),
)
"""A text that holds the number, with letters or running digits around it."""
