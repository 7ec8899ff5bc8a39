"""What bears the name of a tenant, what is taken from whom, and that nothing is reached past it."""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar import Litestar, get
from litestar.testing import TestClient
from prometheus_client import Counter, generate_latest

from services.alerts.api.session import Cookies
from services.alerts.domain.alert import incoming as values
from services.alerts.domain.alert.trust import reader
from services.alerts.notifiers.email.letter import sender
from services.alerts.settings import AlertSettings
from services.ingest.domain import binding
from services.ingest.domain.acceptance import from_anyone, judge
from services.ingest.domain.outcome import Accepted, Incoming, Outcome, Refused
from services.ingest.domain.pseudonym import pseudonyms
from services.ingest.domain.rejection import record
from services.metrics.domain.record import incoming as events
from services.metrics.intake import batch
from shared.access import policy_file, token_file
from shared.access.needs import NEED, OPEN
from shared.access.tokens import AccessError, of_tenant, sha256
from shared.contracts.tenants import ALONE, HEADER, LONGEST, Tenant, not_a_tenant
from shared.contracts.topics import ALL
from shared.kit.access.guard import Guard
from shared.kit.dead_letters import DeadLetter
from shared.kit.settings import Settings, SettingsError, load
from shared.kit.telemetry import registry
from tests import builders as make
from tests.integration.alerting import BAD, TODAY, group, message

ROOT = Path(__file__).parents[3]
SOLNA, FALUN = Tenant("solna"), Tenant("falun")
NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
EVENT = make.employment_started("p1", "2024-01-01")
NOT_SOLNA = ["falun", "Solna", "SOLNA", " solna", "solna ", "solna\n", "solna\0", "soln\u0430", "s", "x" * 500]
"""What an event of Solna never says of its tenant."""
NO_TENANT = [*NOT_SOLNA, "", 5, 1.5, True, ["solna"], {"name": "solna"}]


def pseudonym(tenant: Tenant, person: str) -> str:
    """What a person is called, under the one key that both tenants were given."""
    return pseudonyms(tenant.key(b"k" * 32), "kommun")(person, 2024)


def judged(event: make.Event | bytes, tenant: Tenant = SOLNA) -> Outcome:
    """What becomes of an event at the door of a tenant."""
    body = event if isinstance(event, bytes) else make.encoded(event)
    return judge(Incoming(body), pseudonyms(b"k" * 32, "kommun"), from_anyone, NOW, tenant)


def is_turned_away(outcome: Outcome) -> bool:
    """Refused as another tenant's; nothing that came with it is kept, shown, or put into the record."""
    assert isinstance(outcome, Refused), outcome
    kept = msgspec.json.decode(record(outcome, NOW, "http", tenant=SOLNA).value)
    assert (kept["original"], kept["source"], kept["tenant"]) == ("", None, "solna")
    assert (outcome.attributes, outcome.id) == (None, None)
    return (outcome.reason, outcome.path) == ("other_tenant", "$.tenant")


class TestNames:
    """What a tenant may be called, and what is called after it."""

    @pytest.mark.parametrize("name", ["a", "solna", "upplands-vasby", "a1-b2", "x" * LONGEST, "stadga"])
    def test_names(self, name: str) -> None:
        """Small letters, digits and single hyphens."""
        assert not_a_tenant(name) is None
        assert load(Settings, {"STADGA_TENANT": name}).tenant == Tenant(name)

    @pytest.mark.parametrize(
        "name",
        [
            "Solna",
            "1a",
            "-a",
            "a-",
            "a--b",
            "a.b",
            "a_b",
            "a b",
            "a\n",
            "åre",
            "hr",
            "workforce",
            "x" * 31,
            "../a",
            "*",
        ],
    )
    def test_no_names(self, name: str) -> None:
        """Refused at start, by the name of the setting: a dot would let one prefix stand for another tenant's."""
        assert not_a_tenant(name)
        with pytest.raises(SettingsError, match=r"^STADGA_TENANT="):
            load(Settings, {"STADGA_TENANT": name})

    def test_of_one_municipality_nothing_changes(self) -> None:
        """Without a tenant everything is called as it was, and keys are those that were given."""
        assert [ALONE.topic(topic) for topic in ALL] == list(ALL)
        assert (ALONE.prefixed("g"), ALONE.source("s"), ALONE.key(b"k"), ALONE.extension) == ("g", "s", b"k", None)
        assert load(Settings, {}).tenant == ALONE

    @given(
        st.from_regex(r"[a-z][a-z0-9]{0,5}(-[a-z0-9]{1,5})?", fullmatch=True), st.sampled_from(["solna", "hr-1", "a"])
    )
    def test_no_name_is_another_tenants(self, one: str, other: str) -> None:
        """No topic, source or key of two tenants is the same; nor does a topic of one begin as the other's do."""
        if one == other or not_a_tenant(one):
            return
        mine, theirs = Tenant(one), Tenant(other)
        names = [theirs.topic(topic).name for topic in ALL] + [topic.name for topic in ALL]
        assert not any(name.startswith(f"{one}.") for name in names)
        assert mine.source("stadga/metrics") != theirs.source("stadga/metrics")
        assert len({mine.key(b"k"), theirs.key(b"k"), b"k"}) == 3


class TestSecrets:
    """A key that was given to both is another for each."""

    def test_pseudonyms(self) -> None:
        """The same reference, the same key and municipality: none can be linked."""
        assert len({pseudonym(tenant, "p1") for tenant in (ALONE, SOLNA, FALUN)}) == 3

    def test_links(self, tmp_path: Path) -> None:
        """A link of one tenant's mail opens nothing at the other's."""
        (tmp_path / "key").write_bytes(b"k" * 40)
        keys = {
            AlertSettings(stadga_link_key_file=str(tmp_path / "key"), stadga_tenant=n).link_key()
            for n in ("", "a", "b")
        }
        assert len(keys) == 3

    def test_message_ids(self) -> None:
        """An alert of the same unit, plan and day has the same episode: the place of its ids tells whose it is."""
        assert len({sender("s@kommun.example", tenant).ids for tenant in (ALONE, SOLNA, FALUN)}) == 3

    def test_cookies(self) -> None:
        """Browsers send cookies to every port of a host."""
        names = [name for t in (ALONE, SOLNA, FALUN) for name in vars(Cookies("https://h.example", t)).values()]
        assert len({name for name in names if isinstance(name, str)}) == 6
        assert all(name.startswith("__Host-") for name in names if isinstance(name, str))


class TestDoor:
    """What ingest takes."""

    def test_what_is_accepted_says_whose_it_is(self) -> None:
        """Also where its sender left that out."""
        for event in (EVENT, EVENT | {"tenant": None}, EVENT | {"tenant": "solna"}):
            outcome = judged(event)
            assert isinstance(outcome, Accepted)
            assert (outcome.event.tenant, outcome.attributes) == ("solna", ())
            assert b'"tenant":"solna"' in outcome.body

    def test_without_tenants_no_event_may_name_one(self) -> None:
        """Somebody thinks that this is the door of a tenant."""
        assert is_turned_away_by(ALONE, EVENT | {"tenant": "solna"})
        plain = judged(EVENT, ALONE)
        assert isinstance(plain, Accepted)
        assert b"tenant" not in plain.body

    @pytest.mark.parametrize("said", NO_TENANT)
    def test_of_another(self, said: object) -> None:
        """Whatever is not its own name, whatever else is wrong with the event: nothing of it stays here."""
        assert is_turned_away(judged(EVENT | {"tenant": said}))
        broken = EVENT | {"tenant": said, "time": "never", "data": {"falun": "secret"}, "falunsecret": {}}
        assert is_turned_away(judged(broken))

    @pytest.mark.parametrize("said", NOT_SOLNA)
    def test_of_another_in_binary_mode(self, said: str) -> None:
        """Over HTTP and Kafka, also beside a header that nobody can read."""
        headers = {f"ce-{name}": str(value) for name, value in EVENT.items() if name != "data"} | {"ce-tenant": said}
        over_http = binding.from_http(headers | {"content-type": "application/json"}, b"{}")
        assert is_turned_away(judge(over_http, pseudonyms(b"k" * 32, "k"), from_anyone, NOW, SOLNA))
        assert not SOLNA.takes(binding.tenant([("CE_Tenant", said.encode()), ("ce_id", b"\xff")]))

    def test_a_file_may_be_of_any(self) -> None:
        """What has no door, as when a log is computed from, asks nobody whose it is."""
        outcome = judge(
            Incoming(make.encoded(EVENT | {"tenant": "falun"})), pseudonym_of_nobody, from_anyone, NOW, None
        )
        assert isinstance(outcome, Accepted)


def pseudonym_of_nobody(_ref: str, _year: int) -> str:
    """The same for all."""
    return "p_nobody"


def is_turned_away_by(tenant: Tenant, event: make.Event) -> bool:
    """Refused as another tenant's, of a door of any or none."""
    outcome = judged(event, tenant)
    return isinstance(outcome, Refused) and (outcome.reason, outcome.original) == ("other_tenant", b"")


class TestTopics:
    """What stands on a topic, which somebody may have wired wrongly."""

    @pytest.mark.parametrize("said", [None, *NO_TENANT])
    def test_an_event_that_is_not_ours_is_not_folded(self, said: object) -> None:
        """Nor is one that says nothing: ingest lets none through. Its place is kept, and nothing of what it said."""
        event = EVENT | {"tenant": said, "delivery": "d"}
        arrived = batch.decode([DeadLetter("t", 0, 7, b"person/p1", make.encoded(event), "", "")], SOLNA)
        assert not any((arrived.subjects, arrived.messages, arrived.deliveries, arrived.firsts))
        (letter,) = arrived.dead
        assert (letter.reason, letter.key, letter.value, letter.offset) == ("other_tenant", None, None, 7)
        assert "falun" not in letter.error

    def test_ours_is(self) -> None:
        """With its own name."""
        assert events.read(make.encoded(EVENT | {"tenant": "solna"}), SOLNA)
        assert events.read(make.encoded(EVENT))

    @pytest.mark.parametrize("said", ["falun", "Solna", None])
    def test_a_value_that_is_not_ours_is_not_judged(self, said: str | None) -> None:
        """Under whatever source."""
        found = group("u1", BAD, date(2026, 6, 30))
        sent = msgspec.json.decode(message(found)) | {"source": SOLNA.source("stadga/metrics"), "tenant": said}
        with pytest.raises(values.UnreadableError) as refused:
            values.told(reader(TODAY, NOW, SOLNA), b"u1|*", msgspec.json.encode(sent))
        assert refused.value.reason == "other_tenant"
        own = msgspec.json.encode(sent | {"tenant": "solna"})
        assert values.told(reader(TODAY, NOW, SOLNA), b"u1|*", own) == found
        with pytest.raises(values.UnreadableError, match="expected"):
            values.told(reader(TODAY, NOW, SOLNA), b"u1|*", own.replace(b"stadga/metrics/solna", b"stadga/metrics"))

    def test_a_measure_that_is_not_ours_is_not_heard(self) -> None:
        """The other topic that alerts reads."""
        about = {"type": "hr.measure.reported.v1", "subject": "measure/p/m", "tenant": "falun"}
        with pytest.raises(values.UnreadableError) as refused:
            values.update({}, b"measure/p/m", make.encoded(EVENT | about), SOLNA)
        assert refused.value.reason == "other_tenant"


class TestAccess:
    """Tokens, groups and questions that are meant for another."""

    ONE = f"tokens: {{hr: {{sha256: {sha256('one')}, scopes: [metrics:read]}}}}\n"
    GROUPS = "groups: {hr: {roles: [planner], units: all}}\n"

    @pytest.mark.parametrize(("said", "tenant"), [("", SOLNA), ("falun", SOLNA), ("solna", ALONE)])
    def test_files_of_others(self, said: str, tenant: Tenant) -> None:
        """Tokens and groups hold where their file says so, and nowhere else; whose it is is not told."""
        line = f"tenant: {said}\n" if said else ""
        ring, policy = token_file.parsed((line + self.ONE).encode()), policy_file.read((line + self.GROUPS).encode())
        for found in (ring.tenant, policy.tenant):
            assert found == (said or None)
            with pytest.raises(AccessError, match=r"^tenant: the file is of another: expected") as refused:
                of_tenant(found, tenant)
            assert not said or said not in str(refused.value)

    def test_files_of_ours(self) -> None:
        """A source may still be called tenant, where it has a token."""
        of_tenant(token_file.parsed(f"tenant: solna\n{self.ONE}".encode()).tenant, SOLNA)
        of_tenant(policy_file.read(f"tenant: solna\n{self.GROUPS}".encode()).tenant, SOLNA)
        ring = token_file.parsed(f"tenant: {sha256('one')}\n".encode())
        assert (ring.tenant, ring.held("one")[0].source) == (None, "tenant")

    def test_files_of_nobody(self) -> None:
        """A name that none can have is a fault of the file."""
        with pytest.raises(AccessError, match="line 1, tenant: "):
            token_file.parsed(f"tenant: Solna\n{self.ONE}".encode())
        with pytest.raises(policy_file.PolicyRefused, match='"Solna"'):
            policy_file.read(f"tenant: Solna\n{self.GROUPS}".encode())

    @pytest.mark.parametrize(
        ("header", "tenant", "status"),
        [(None, SOLNA, 200), ("solna", SOLNA, 200), ("falun", SOLNA, 421), ("", SOLNA, 421), ("solna", ALONE, 421)],
    )
    def test_who_means_another_is_told(self, header: str | None, tenant: Tenant, status: int) -> None:
        """Also on a route that is open to all."""

        @get("/", opt={NEED: OPEN}, sync_to_thread=False)
        def answer() -> str:
            return "values"

        with TestClient(Litestar([answer], guards=[Guard(tenant=tenant).look])) as client:
            found = client.get("/", headers={} if header is None else {HEADER: header})
        assert found.status_code == status


def test_series_say_whose_they_are() -> None:
    """So that Prometheus never adds up what is of two tenants."""
    for tenant, line in ((SOLNA, b'of_total{kind="a",tenant="solna"} 1.0'), (ALONE, b'of_total{kind="a"} 1.0')):
        shown = registry(tenant)
        Counter("of", "Of.", ["kind"], registry=shown).labels("a").inc()
        assert line in generate_latest(shown)


def _modules(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text())


def _calls(tree: ast.Module, name: str) -> list[ast.Call]:
    return [n for n in ast.walk(tree) if isinstance(n, ast.Call) and ast.unparse(n.func) in {name, f"database.{name}"}]


class TestNothingPastIt:
    """By reading the code: there is no way round."""

    def test_one_way_to_the_database(self) -> None:
        """Every session is of a pool that is asked whose it is; the stack looks whether a server answers, no more.

        A backup asks by itself: it is put back where there is nothing yet that could answer.
        """
        opening = re.compile(r"(asyncpg|hosts)\.(connect|create_pool)\b|create_async_engine\(")
        found = {path for path, tree in _modules("services", "shared", "cli") if opening.search(ast.unparse(tree))}
        way = {"shared/kit/database.py", "shared/kit/hosts.py"}
        assert found == way | {"cli/local/stack/answers.py", "cli/local/backup/neighbours.py"}

    def test_every_pool_is_a_tenants(self) -> None:
        """None is left to the default, which is that there are no tenants."""
        calls = [(path, call) for path, tree in _modules("services", "cli") for call in _calls(tree, "pool")]
        assert len(calls) >= 5
        assert [(path, ast.unparse(call)) for path, call in calls if call.args and len(call.args) < 4] == []

    def test_every_topic_is_a_tenants(self) -> None:
        """A topic's own name is that of a part of health, a row of a page or a likely service, and nothing else."""
        named = re.compile(r"\b(HR_RAW|HR_EVENTS|HR_REJECTED|WORKFORCE_METRICS|WORKFORCE_ALERTS)\.name\b")
        found = {path for path, tree in _modules("services", "cli") if named.search(ast.unparse(tree))}
        assert found == {
            "cli/commands/dead_letters.py",
            "services/alerts/board/pages/data.py",
            "services/alerts/consumer.py",
            "services/ingest/consumer.py",
        }

    def test_no_statement_leaves_the_database(self) -> None:
        """PostgreSQL reaches another database by these alone."""
        leaving = re.compile(r"dblink|postgres_fdw|foreign (server|table)|set search_path", re.IGNORECASE)
        found = {path for path, tree in _modules("services", "shared", "deploy") if leaving.search(ast.unparse(tree))}
        assert found == set()
