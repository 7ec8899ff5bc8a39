"""Taking in how sources deliver: what is kept of each, and what its contact is told."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg

from services.alerts.domain.source.telling import SourceTold, tell
from services.alerts.repository import sources
from shared.contracts.sources import SourceReported


async def hear(connection: asyncpg.Connection, reports: Sequence[SourceReported], decided: datetime, page: str) -> None:
    """Take reports in, in their order; ``page`` is where a mail leads."""
    if not reports:
        return
    told = dict(await sources.told(connection, {one.source for one in reports}))
    last = {one.source: one for one in reports}
    for report in reports:
        told[report.source], notices = tell(told.get(report.source, SourceTold()), report, decided, page)
        for notice in notices:
            await sources.mail(connection, notice, report.contact)
    await sources.save(connection, list(last.values()), [told[name] for name in last])
