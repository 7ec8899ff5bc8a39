"""Running services whose tokens are in a file: what is asked for, by whom, and what is left behind."""

from pathlib import Path

import asyncpg
import httpx

from shared.access.tokens import sha256
from tests.integration.metering import Killable, standing
from tests.polling import PATIENCE, until

TOKENS = f"""
tokens:
  prometheus: {{sha256: {sha256("scrape")}, scopes: [prometheus:scrape]}}
  board-of-numbers: {{sha256: {sha256("read")}, scopes: [metrics:read], units: [a]}}
"""


async def test_a_service_asks_who_comes_and_keeps_that_when_it_stops(tmp_path: Path):
    """By token, changed without a restart; a normal stop loses no entry of the access log."""
    tokens = tmp_path / "tokens.yaml"
    tokens.write_text(TOKENS)
    async with standing(tmp_path / "stack") as stack:
        metrics = Killable(stack, "metrics", STADGA_TOKENS_FILE=str(tokens))
        await metrics.start()
        try:
            async with httpx.AsyncClient(base_url=metrics.service.url, timeout=PATIENCE, trust_env=False) as http:

                async def status(path: str, token: str = "") -> int:
                    headers = {"authorization": f"Bearer {token}"} if token else {}
                    try:
                        return (await http.get(path, headers=headers)).status_code
                    except httpx.TransportError:
                        return 0

                async def answers() -> bool:
                    return await status("/v1/ledger", "read") == httpx.codes.OK

                await until(answers, "metrics answers")
                found = [await status("/metrics", token) for token in ("", "nobody", "read", "scrape")]
                assert found == [401, 401, 403, 200]
                assert await status("/readyz") in {200, 503}
                assert await status("/v1/revisions?metric=headcount&unit=b", "read") == httpx.codes.FORBIDDEN
                assert await status("/v1/dead-letters", "read") == httpx.codes.FORBIDDEN
                tokens.write_text(TOKENS.replace("metrics:read", "operate").replace(", units: [a]", ""))

                async def changed() -> bool:
                    return await status("/v1/dead-letters", "read") == httpx.codes.OK

                await until(changed, "the file is read again")
                assert await status("/v1/ledger", "read") == httpx.codes.FORBIDDEN
        finally:
            assert await metrics.terminate() == 0
        connection = await asyncpg.connect(stack.database_url)
        try:
            rows = await connection.fetch("select who, route, unit, status from metrics.access_log order by at")
        finally:
            await connection.close()
    told = [tuple(row) for row in rows]
    assert ("token board-of-numbers", "/v1/revisions", "b", 403) in told
    assert told[-1] == ("token board-of-numbers", "/v1/ledger", None, 403)
