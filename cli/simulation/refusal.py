"""Why something cannot be simulated."""

from shared.language.refusal import SaidError


class SimulationError(SaidError, ValueError):
    """There is no such municipality or time; the sentence says what is wrong."""
