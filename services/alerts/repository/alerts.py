"""Standings, episodes, transitions and the mails they cause: read and written for many alerts at once."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import NamedTuple

import asyncpg
import msgspec

from services.alerts.domain.alert.episode import Memory, Spell
from services.alerts.domain.alert.judged import Addressee, Announcement, Judgement, Mail
from services.alerts.domain.alert.occasion import MovedLimit, Occasion
from services.alerts.domain.alert.restated import Mailed
from services.alerts.domain.alert.settling import Settled, Settling
from services.alerts.domain.alert.standing import Alert, Episode, Standing
from services.alerts.domain.alert.telling import View
from services.alerts.repository import watched_units
from shared.contracts.alerts import State
from shared.contracts.metrics import MetricValue

_STANDINGS = """
select s.plan, s.target, s.unit, version, state, since, steps, watched, memory::text, view::text,
    moved::text
from unnest($1::text[], $2::text[], $3::text[]) as asked (plan, target, unit)
join standings s using (plan, target, unit)
"""
_EPISODES = """
select e.plan, e.target, e.unit, id, version, kind, phase, since, began, ended, outcome, raised_with::text,
    since_at_least
from unnest($1::text[], $2::text[], $3::text[]) as asked (plan, target, unit)
join episodes e using (plan, target, unit) order by began, id
"""
_SAVE_STANDINGS = """
insert into standings (plan, target, unit, version, state, since, steps, watched, memory, view, moved, evaluated,
    round)
select plan, target, unit, version, state, since, steps, watched, memory::jsonb, view::jsonb, moved::jsonb, $12, $13
from unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::text[], $6::date[], $7::int[], $8::bool[], $9::text[],
    $10::text[], $11::text[]) as given (plan, target, unit, version, state, since, steps, watched, memory, view, moved)
on conflict (plan, target, unit) do update set version = excluded.version, state = excluded.state,
    since = excluded.since, steps = excluded.steps, watched = excluded.watched, memory = excluded.memory,
    view = excluded.view, moved = excluded.moved, evaluated = excluded.evaluated, round = excluded.round
"""
_SAVE_EPISODES = """
insert into episodes (id, plan, target, unit, version, kind, phase, since, began, ended, outcome, raised_with,
    since_at_least)
select id, plan, target, unit, version, kind, phase, since, began, ended, outcome, raised_with::jsonb, since_at_least
from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::int[], $6::text[], $7::text[], $8::date[], $9::date[],
    $10::date[], $11::text[], $12::text[], $13::bool[])
    as given (id, plan, target, unit, version, kind, phase, since, began, ended, outcome, raised_with, since_at_least)
on conflict (id) do update set phase = excluded.phase, since = excluded.since, began = excluded.began,
    ended = excluded.ended, outcome = excluded.outcome, since_at_least = excluded.since_at_least
"""
_SAVE_TRANSITIONS = """
insert into transitions (id, plan, target, unit, decided, body)
select id, plan, target, unit, decided, body::jsonb
from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::text[])
    with ordinality as given (id, plan, target, unit, decided, body, place) order by place
on conflict (id) do nothing
"""
_SAVE_MAILS = """
insert into outbox (id, episode, reason, recipient, address, language, occasion, created, settle, due, state)
select id, episode, reason, recipient, address, language, occasion::jsonb, created, settle,
    created + settle * interval '1 second', case when settle > 0 then 'settling' else 'pending' end
from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::timestamptz[],
    $9::int[]) as given (id, episode, reason, recipient, address, language, occasion, created, settle)
on conflict (id) do nothing
"""
_ADDRESSEES = """
select distinct on (episode, recipient) episode, recipient, address, language from outbox
where episode = any($1::text[]) and reason in ('hold_met', 'escalated') and state <> 'settling'
order by episode, recipient, created
"""

_SETTLING = """
select id, episode, occasion::text from outbox
where state = 'settling' and episode = any($1::text[]) order by id for update
"""
_MAILED = """
select id, episode, recipient, address, language, occasion::text from outbox mail
where episode = any($1::text[]) and state in ('pending', 'sent') and (occasion ->> 'on' >= $2
    or (episode = any($3::text[]) and not exists (
        select from outbox later where (later.episode, later.recipient) = (mail.episode, mail.recipient)
            and later.state in ('pending', 'sent') and (later.created, later.id) > (mail.created, mail.id))))
order by created, id
"""
_DROP_SETTLING = "delete from outbox where state = 'settling' and id = any($1::text[])"
_REWRITE_SETTLING = """
update outbox set occasion = given.occasion::jsonb, due = case when moved
    then least($4::timestamptz + settle * interval '1 second', created + greatest(settle, $5) * interval '1 second')
    else due end
from unnest($1::text[], $2::text[], $3::bool[]) as given (id, occasion, moved)
where outbox.id = given.id and state = 'settling'
"""
LONGEST_SETTLE = 1_800
"""Seconds after which a mail is sent although its value goes on moving."""


def _columns(rows: Collection[tuple[object, ...]], width: int) -> list[list[object]]:
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(width)]


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


class StoredStanding(NamedTuple):
    """A row of ``standings`` as it is stored: what cannot be read is a fault of its own alert."""

    version: int
    state: State
    since: date | None
    steps: int
    watched: bool
    memory: str
    view: str
    moved: str | None

    def standing(self) -> Standing:
        """Where the alert was last told to be; raises msgspec.DecodeError."""
        moved = msgspec.json.decode(self.moved, type=MovedLimit) if self.moved else None
        return Standing(msgspec.json.decode(self.memory, type=Memory), self.state, self.since, self.steps, moved)

    def seen(self) -> View:
        """How the alert was last seen; raises msgspec.DecodeError."""
        return msgspec.json.decode(self.view, type=View)

    def last_seen(self) -> View | None:
        """The same; None of one that an earlier release wrote in another way, which the next judgement writes anew."""
        try:
            return self.seen()
        except msgspec.DecodeError:
            return None


class KeptEpisode(NamedTuple):
    """A row of ``episodes`` as it is stored."""

    id: str
    version: int
    spell: Spell
    raised_with: str | None

    def episode(self) -> Episode:
        """The episode; raises msgspec.DecodeError."""
        raised = msgspec.json.decode(self.raised_with, type=MetricValue) if self.raised_with else None
        return Episode(self.id, self.version, self.spell, raised)


async def standings(connection: asyncpg.Connection, alerts: Collection[Alert]) -> dict[Alert, StoredStanding]:
    """Where each alert that was ever judged was last told to be."""
    keys = _columns([(a.plan, a.target, a.unit) for a in alerts], 3)
    return {Alert(*row[:3]): StoredStanding(*row[3:]) for row in map(tuple, await connection.fetch(_STANDINGS, *keys))}


async def episodes(connection: asyncpg.Connection, alerts: Collection[Alert]) -> Mapping[Alert, list[KeptEpisode]]:
    """Every episode of each alert, the earliest first."""
    keys = _columns([(a.plan, a.target, a.unit) for a in alerts], 3)
    found: dict[Alert, list[KeptEpisode]] = defaultdict(list)
    for row in await connection.fetch(_EPISODES, *keys):
        spell = Spell(*(row[name] for name in Spell.__struct_fields__))
        kept = KeptEpisode(row["id"], row["version"], spell, row["raised_with"])
        found[Alert(row["plan"], row["target"], row["unit"])].append(kept)
    return found


async def addressees(connection: asyncpg.Connection, told: Collection[str]) -> Mapping[str, list[Addressee]]:
    """Who was told that each of these episodes fired."""
    found: dict[str, list[Addressee]] = defaultdict(list)
    if not told:
        return found
    for episode, *who in await connection.fetch(_ADDRESSEES, list(told)):
        found[episode].append(Addressee(*who))
    return found


async def settling(connection: asyncpg.Connection, episodes: Collection[str]) -> Mapping[str, list[Settling]]:
    """By episode, the mails that wait for their value to be still; nobody sends them before this transaction ends."""
    found: dict[str, list[Settling]] = defaultdict(list)
    if not episodes:
        return found
    for name, episode, occasion in await connection.fetch(_SETTLING, list(episodes)):
        found[episode].append(Settling(name, episode, msgspec.json.decode(occasion, type=Occasion)))
    return found


class KeptMail(NamedTuple):
    """A mail that was sent, or is about to be, as it is stored."""

    id: str
    episode: str
    recipient: str
    address: str
    language: str
    occasion: str

    def mailed(self) -> Mailed:
        """The mail; raises msgspec.DecodeError."""
        return Mailed(*self[:-1], msgspec.json.decode(self.occasion, type=Occasion))


async def mailed(
    connection: asyncpg.Connection, episodes: Collection[str], since: date, going: Collection[str]
) -> dict[str, list[KeptMail]]:
    """By episode, what was mailed of days since then, the earliest first; of one ``going`` the last in any case."""
    found: dict[str, list[KeptMail]] = defaultdict(list)
    if not episodes:
        return found
    for row in await connection.fetch(_MAILED, list(episodes), since.isoformat(), list(going)):
        found[row["episode"]].append(KeptMail(*row))
    return found


async def save(connection: asyncpg.Connection, outcomes: Collection[Judgement], now: datetime, number: int) -> None:
    """Write everything down, in the order of the alerts, as done in the round of that number."""
    ordered = sorted(outcomes, key=lambda one: one.alert)
    await watched_units.count(connection, ordered)
    await connection.execute(_SAVE_STANDINGS, *_columns([_standing(one) for one in ordered], 11), now, number)
    changed = [_episode(one.alert, episode) for one in ordered for episode in one.episodes]
    await _insert(connection, _SAVE_EPISODES, changed)
    await _insert(connection, _SAVE_TRANSITIONS, [_told(told) for one in ordered for told in one.transitions])
    await _settle(connection, [one.settled for one in ordered], now)
    await _insert(connection, _SAVE_MAILS, [_mail(mail) for one in ordered for mail in one.mails])


async def _settle(connection: asyncpg.Connection, settled: Collection[Settled], now: datetime) -> None:
    if dropped := [name for one in settled for name in one.dropped]:
        await connection.execute(_DROP_SETTLING, dropped)
    if anew := [(one.id, _json(one.occasion), one.moved) for some in settled for one in some.rewritten]:
        await connection.execute(_REWRITE_SETTLING, *_columns(anew, 3), now, LONGEST_SETTLE)


async def _insert(connection: asyncpg.Connection, statement: str, rows: Collection[tuple[object, ...]]) -> None:
    if rows:
        await connection.execute(statement, *_columns(rows, 0))


def _standing(one: Judgement) -> tuple[object, ...]:
    alert, standing = one.alert, one.standing
    key = (alert.plan, alert.target, alert.unit, one.version)
    stored = (_json(standing.memory), _json(one.view), _json(standing.moved) if standing.moved else None)
    return (*key, standing.state, standing.since, standing.steps, one.watched, *stored)


def _episode(alert: Alert, episode: Episode) -> tuple[object, ...]:
    spell = episode.spell
    key = (episode.id, alert.plan, alert.target, alert.unit, episode.version)
    raised = _json(episode.raised_with) if episode.raised_with else None
    days = (spell.since, spell.began, spell.ended)
    return (*key, spell.kind, spell.phase, *days, spell.outcome, raised, spell.since_at_least)


def _told(told: Announcement) -> tuple[object, ...]:
    body = told.body
    return told.id, body.plan, body.target, body.unit, told.decided, _json(body)


def _mail(mail: Mail) -> tuple[object, ...]:
    who = (mail.recipient, mail.address, mail.language)
    return mail.id, mail.episode, mail.occasion.reason, *who, _json(mail.occasion), mail.created, mail.settle
