"""What can go wrong with the local stack, in sentences for the person at the terminal."""

from shared.language.refusal import SaidError


class StackError(SaidError):
    """The stack cannot be as asked; the sentence says which part, why, and what to do where that is known."""


class Unanswered(Exception):  # noqa: N818 — a part that does not answer yet is a state, not an error
    """A part did not answer as it should; the message says how it failed."""
