"""Whatever order values, snoozes and acknowledgements come in: an ending is never lost, and a snooze is kept."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.alerts.domain.alert.judged import Addressee, Mail
from services.alerts.domain.alert.judgement import AlertRecord, Setting, judge
from services.alerts.domain.alert.promises import every
from services.alerts.domain.alert.restated import Mailed
from services.alerts.domain.alert.settling import Settling
from services.alerts.domain.alert.standing import Alert, Episode, Standing
from services.alerts.domain.handling.handled import handled, objection
from services.alerts.domain.handling.handling import Handling, Order
from services.alerts.domain.plan.places import Places
from services.alerts.domain.plan.plan import Unit, Version
from services.alerts.domain.plan.reading import read
from shared.contracts.alerts import HandlingKind
from tests.unit.alerts.stories import BAD, FIRST, GOOD, series
from tests.unit.alerts.test_judgement import link

PLAN = read("""\
plan: plan
settle: 0s
remind: 20d
recipients: {hr: {email: hr@kommun.example}, head: {email: head@kommun.example}}
targets:
  - id: leavers
    metric: leaver_rate
    breach: {above: 0.15}
    notify: [hr]
    escalate: {after: 3d, to: [head]}
""")
ALERT = Alert("plan", "leavers", "farsta")
LOADED = datetime(2026, 1, 1, tzinfo=UTC)
UNIT = Unit("farsta", "Farsta", ("farsta", "*"))
ASKED = every({"plan": Version(PLAN, 1, "plan.yaml", "hash", LOADED, LOADED)}, Places([UNIT]))[ALERT]
FIRING = frozenset({"hold_met", "escalated"})
Act = tuple[int, HandlingKind, int]
"""On which day, what, and for how many days."""


class Life:
    """One alert and its mails, kept as the database keeps them."""

    def __init__(self) -> None:
        """Nothing has come."""
        self.standing: Standing | None = None
        self.episodes: dict[str, Episode] = {}
        self.rows: list[Handling] = []
        self.waiting: dict[str, Mail] = {}
        self.sent: list[tuple[date, Mail]] = []

    def act(self, day: date, kind: HandlingKind, length: int) -> None:
        """Somebody does something, if it can be done."""
        going = next((one.id for one in self.episodes.values() if one.spell.ended is None), None)
        until = day + timedelta(length) if kind in {"acknowledged", "snoozed"} else None
        if objection(Order(kind, until, "skäl"), self.rows, going, day) is None:
            at = datetime.combine(day, datetime.min.time(), UTC)
            name = f"{kind}/{len(self.rows)}"
            self.rows.append(
                Handling(key=name, kind=kind, episode=going, by="eva", at=at, day=day, until=until, note="skäl")
            )

    def live(self, day: date, numbers: list[float | None]) -> None:
        """A day with all values until then."""
        at = Setting(day, day, datetime.combine(day, datetime.min.time(), UTC), link, day)
        found = judge(ALERT, ASKED, self._record(numbers), at)
        self.standing = found.standing
        self.episodes |= {one.id: one for one in found.episodes}
        self.rows += found.handlings
        for anew in found.settled.rewritten:
            self.waiting[anew.id] = self.waiting[anew.id]._replace(occasion=anew.occasion)
        for gone in found.settled.dropped:
            del self.waiting[gone]
        for mail in found.mails:
            if mail.settle:
                self.waiting[mail.id] = mail
            else:
                self.sent.append((day, mail))
        if handled(self.rows, None, day).snoozed is None:
            self.sent += [(day, mail) for mail in self.waiting.values()]
            self.waiting.clear()

    def _record(self, numbers: list[float | None]) -> AlertRecord:
        sent = [mail for _, mail in self.sent]
        first: dict[str, date] = {}
        for mail in sent:
            if mail.occasion.reason == "hold_met":
                first.setdefault(mail.episode, mail.occasion.today)
        return AlertRecord(
            self.standing,
            list(self.episodes.values()),
            series(numbers),
            lambda episode: [
                Addressee(*who)
                for who in dict.fromkeys(
                    mail[2:5] for mail in sent if mail.episode == episode and mail.occasion.reason in FIRING
                )
            ],
            365,
            version=1 if self.standing else None,
            settling=[Settling(mail.id, mail.episode, mail.occasion) for mail in self.waiting.values()],
            mailed=[Mailed(*mail[:5], mail.occasion) for mail in sent],
            handlings=self.rows,
            first_told=first.get,
        )


KINDS: tuple[HandlingKind, ...] = ("acknowledged", "unacknowledged", "snoozed", "awakened")
ACTS = st.lists(st.tuples(st.integers(0, 24), st.sampled_from(KINDS), st.integers(1, 9)), max_size=6)
NUMBERS = st.lists(st.tuples(st.sampled_from((BAD, BAD + 0.05, GOOD)), st.integers(1, 9)), min_size=2, max_size=5)


@settings(max_examples=60, deadline=None)
@given(runs=NUMBERS, acts=ACTS)
@example(runs=[(BAD, 3), (GOOD, 9)], acts=[(1, "snoozed", 5)])
@example(runs=[(BAD, 3), (GOOD, 2), (BAD, 9)], acts=[(1, "snoozed", 9), (12, "snoozed", 9)])
@example(runs=[(GOOD, 3), (BAD, 3), (GOOD, 3)], acts=[(1, "snoozed", 9)])
def test_an_ending_is_never_lost(runs: list[tuple[float, int]], acts: list[Act]) -> None:
    """Whoever was told that an alert fires is told that it is over, once; and of none whose beginning they missed.

    While it is snoozed nobody is mailed at all.
    """
    life = Life()
    numbers = [number for number, length in runs for _ in range(length)][:25]
    numbers += [GOOD] * (40 - len(numbers))
    for place in range(len(numbers)):
        day = FIRST + timedelta(place)
        for _, kind, length in (act for act in acts if act[0] == place):
            life.act(day, kind, length)
        life.live(day, [*numbers[: place + 1]])
        if handled(life.rows, None, day).snoozed:
            assert [mail for sent, mail in life.sent if sent == day] == []
    told = {(mail.episode, mail.recipient) for _, mail in life.sent if mail.occasion.reason in FIRING}
    ends = [(mail.episode, mail.recipient) for _, mail in life.sent if mail.occasion.reason == "resolved"]
    assert sorted(ends) == sorted(told)
    assert life.waiting == {}
    assert len({mail.id for _, mail in life.sent}) == len(life.sent)
