"""What ends a command about a chart."""


class ChartError(ValueError):
    """There is no such chart; the message is one sentence that says why."""
