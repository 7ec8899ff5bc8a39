"""Whose fault a question is that cannot be answered: bodies without bottom, and what the database says."""

from typing import Any

import asyncpg
import httpx
import pytest
from litestar import post
from litestar.exceptions import HTTPException
from litestar.params import JSONBody

from shared.access.needs import NEED, OPEN
from shared.kit.answers import answered
from tests.unit.shared.test_door import House


@post("/v1/orders", opt={NEED: OPEN}, sync_to_thread=False)
def order(data: JSONBody[dict[str, Any]]) -> list[str]:
    """An order with a body, as every service has them."""
    return list(data)


@pytest.mark.parametrize("deep", [100, 900, 1_000, 3_000, 5_000, 1_000_000])
@pytest.mark.parametrize("levels", ["[", '{"a":', '{"a":['])
async def test_a_body_without_bottom_is_the_askers_fault(deep: int, levels: str):
    """However deep a body is nested, the answer is 400, and no fault of the service is counted."""
    house = House(handlers=[order])
    answer = await house.send("POST", "/v1/orders", content=levels * deep)
    assert answer.status_code == httpx.codes.BAD_REQUEST
    assert house.registry.get_sample_value("stadga_http_errors_total") == 0


async def test_a_whole_body_that_is_deep_is_the_askers_fault():
    """The same of JSON that ends as it began."""
    house = House(handlers=[order])
    for deep in (100, 900, 5_000):
        body = '{"a":' + "[" * deep + "]" * deep + "}"
        assert (await house.send("POST", "/v1/orders", content=body)).status_code in {201, 400}
    assert house.registry.get_sample_value("stadga_http_errors_total") == 0


ERRORS = [
    ("a text with NUL", asyncpg.CharacterNotInRepertoireError("x"), 400),
    ("a number too large", asyncpg.NumericValueOutOfRangeError("x"), 400),
    ("a value the client cannot write", asyncpg.exceptions._base.DataError("x"), 400),
    ("a name too long for an index", asyncpg.ProgramLimitExceededError("x"), 400),
    ("the server is away", ConnectionRefusedError(), 503),
    ("the pool is closed", asyncpg.InterfaceError("x"), 503),
]


@pytest.mark.parametrize(("error", "status"), [case[1:] for case in ERRORS], ids=[case[0] for case in ERRORS])
def test_what_the_database_says_is_answered(error: Exception, status: int):
    """What it cannot hold is the asker's fault; that it is away is nobody's who asks."""
    with pytest.raises(HTTPException) as raised, answered():
        raise error
    assert raised.value.status_code == status


def test_a_fault_of_the_service_stays_one():
    """Any other error is not excused."""
    with pytest.raises(KeyError), answered():
        raise KeyError
