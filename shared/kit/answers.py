"""What is answered where the asker or the database is at fault, and this service is not: 400 and 503, never 500."""

import contextlib
from collections.abc import Iterator
from typing import Any

from litestar import Request
from litestar.exceptions import SerializationException, ServiceUnavailableException, ValidationException

from shared.kit.blame import refused
from shared.kit.database import TRANSIENT
from shared.kit.problems import BODY


class ShallowRequest(Request[Any, Any, Any]):
    """A request whose body is refused where it is nested deeper than can be read."""

    async def json(self) -> Any:  # noqa: ANN401  (whatever the body says)
        """The body; raises SerializationException, which is answered by 400."""
        try:
            said = self.scope[BODY] = await super().json()  # type: ignore[literal-required]  # a key of our own
        except RecursionError:
            raise SerializationException("JSON is nested too deeply") from None
        return said


@contextlib.contextmanager
def answered() -> Iterator[None]:
    """A question to the database: 503 while it is away, 400 for what it cannot hold, such as NUL in a name."""
    try:
        yield
    except Exception as error:
        if refused(error):
            raise ValidationException("a parameter holds characters that no name can have") from error
        if isinstance(error, TRANSIENT):
            raise ServiceUnavailableException("the database is away") from error
        raise
