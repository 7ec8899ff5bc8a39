"""The languages that people are written to in: a third one begins here."""

from typing import Literal

Language = Literal["sv", "en"]
