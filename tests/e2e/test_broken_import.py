"""An import that is killed in the middle: visible, held back, and completed by the same command."""

import asyncio
import contextlib
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import httpx

from cli.commands.import_ import MAPPINGS
from cli.connect.publishing import sender
from cli.local.stack import Stack
from tests.conftest import here
from tests.integration.metering import metrics, standing
from tests.polling import until

PEOPLE = 6_000
"""More than one request takes."""
HEADER = "Anställningsnr;Personnr;Org.enhet;Befattning;Anställningsform;Sysselsättningsgrad;Från"


class Door:
    """Between the command and ingest: after the first request it keeps everybody waiting, until it is opened."""

    def __init__(self, ingest: str) -> None:
        """It lets one request through."""
        self._ingest, self._passed = ingest, 0
        self.stuck, self.open = asyncio.Event(), asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection of the command."""
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                await self._request(reader, writer)

    async def _request(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().lower().split("\r\n")[1:] if line)
        body = await reader.readexactly(int(headers["content-length"]))
        if self._passed:
            self.stuck.set()
            await self.open.wait()
        self._passed += 1
        kept = {name: headers[name] for name in ("content-type", "authorization")}
        async with httpx.AsyncClient(trust_env=False, timeout=60) as http:
            answer = await http.post(f"{self._ingest}/v1/events", content=body, headers=kept)
        writer.write(b"HTTP/1.1 %d OK\r\ncontent-length: %d\r\n\r\n" % (answer.status_code, len(answer.content)))
        writer.write(answer.content)
        await writer.drain()


async def test_an_import_that_is_killed_is_completed_by_the_same_command(tmp_path: Path):
    """Nothing is published of the half, and then the whole; who asks meanwhile is told what is missing."""
    file = tmp_path / "staff.csv"
    rows = (f"{n};p{n};unit;Socialsekreterare;Tillsvidare;100;2024-01-01" for n in range(PEOPLE))
    file.write_text("\n".join([HEADER, *rows]), encoding="iso-8859-1")
    async with standing(tmp_path / "stack", "ingest", "metrics") as stack:
        door = Door(stack.address("ingest"))
        server = await asyncio.start_server(door.serve, "127.0.0.1", 0)
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        command = await started(file, url)
        await door.stuck.wait()
        command.kill()
        await command.wait()

        async def half_there() -> bool:
            return await held(stack) == [(sender.EVENTS, None)]

        await until(half_there, "the first request to be taken in")
        assert await metrics(stack).exposed() == {}
        door.open.set()
        again = await started(file, url)
        out, _ = await again.communicate()
        assert (again.returncode, out.decode()) == (0, f"accepted {2 * PEOPLE}, rejected 0\n")

        async def whole() -> bool:
            shown = await metrics(stack).exposed()
            return shown.get(("stadga_headcount_people", "unit", "*")) == PEOPLE

        await until(whole, "everybody to be published")
        assert await held(stack) == []
        server.close()


async def held(stack: Stack) -> list[tuple[int, int | None]]:
    """How much has come of each delivery that is not whole, of how many."""
    answer = await metrics(stack).ask("/v1/deliveries")
    return [(one["arrived"], one["of"]) for one in answer.json()["deliveries"]]


async def started(file: Path, url: str) -> asyncio.subprocess.Process:
    """The command, at work."""
    told = ("--mapping", str(MAPPINGS / "anstallningar.yaml"), "--as-of", "2024-02-01", "--language", "en")
    main = (sys.executable, "-m", "cli")
    command = (*main, "import", "employments", str(file), *told, "--publish", "--url", url)
    return await asyncio.create_subprocess_exec(*command, env=here(), stdout=PIPE, stderr=PIPE)
