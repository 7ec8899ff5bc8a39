"""Evaluations ready to be handed over: as text, as JSON, or as a PNG."""

from collections.abc import Sequence

import msgspec

from cli.terminal import harmless_json, harmless_words
from services.alerts.domain.evaluation.asking import EvaluationError
from services.alerts.domain.evaluation.telling import EvaluationText, lines, text
from shared.contracts.evaluations import Evaluation
from shared.language.language import Language


class EvaluationSheet(msgspec.Struct, frozen=True):
    """An evaluation, and what it says in words of ``language``."""

    language: Language
    evaluation: Evaluation
    text: EvaluationText


def as_text(found: Sequence[Evaluation], language: Language) -> bytes:
    """One after the other, an empty line between."""
    told = ("\n".join(harmless_words(line) for line in lines(text(one, language))) for one in found)
    return ("\n\n".join(told) + "\n").encode()


def as_json(found: Sequence[Evaluation], language: Language) -> bytes:
    """A list of them, with all that a picture shows."""
    sheets = [EvaluationSheet(language, one, text(one, language)) for one in found]
    return harmless_json(msgspec.json.format(msgspec.json.encode(sheets), indent=2)) + b"\n"


def as_png(found: Sequence[Evaluation], language: Language) -> bytes:
    """The picture of one; raises EvaluationError for several."""
    from cli.offline.evaluating.picture import png  # noqa: PLC0415

    if len(found) > 1:
        named = ", ".join(one.metric for one in found)
        raise EvaluationError(
            f"en bild är av ett mått: välj med --metric bland {named}",
            f"a picture is of one metric: choose with --metric out of {named}",
        )
    return png(found[0], text(found[0], language), language)
