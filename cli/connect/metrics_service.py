"""The running metrics service, asked over HTTP by commands that were given no files."""

from collections.abc import Mapping

from cli.connect.service import Answer, at


def ask(path: str, question: Mapping[str, str | None], kind: type[Answer], url: str | None = None) -> Answer:
    """One GET of ``path`` on the service at ``url`` (default: the one that runs here); raises AskingError.

    Parameters that are None are left out.
    """
    asked = {name: value for name, value in question.items() if value is not None}
    return at("metrics", url).call(lambda http: http.get(path, params=asked), kind)
