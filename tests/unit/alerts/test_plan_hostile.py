"""Plans made to harm whoever reads them: refused in words, with a line, before they cost much."""

import msgspec
import pytest

from services.alerts.domain.plan.reading import MOST_LOCAL, read
from shared.written import faults as written_faults
from shared.written.faults import MOST_FAULTS, MOST_NODES
from tests.unit.alerts.test_plan import SMALL
from tests.unit.alerts.test_plan_faults import faults

UNHOLDABLE = "a text holds NUL or half a character (\\ud800 to \\udfff)"
TEXTS = [
    ('title: "a\\0b"', "5:8"),
    ('title: "a\\ud800b"', "5:8"),
    ('measures: [{id: m, owner: "x\\ud83d"}]', "5:27"),
    ('"a\\0b": x', "5:1"),
    ('local: {"\\udfff": {targets: {}}}', "5:9"),
    ('title: !!str &a {? ["\\x00"] : x}', "5:21"),
]


@pytest.mark.parametrize(("said", "where"), TEXTS)
def test_a_text_that_nothing_can_hold_is_refused(said: str, where: str):
    """Neither a table nor an answer could say it: as a value, as a key, in any depth."""
    assert faults(SMALL + said) == [f"{where}: {UNHOLDABLE}"]


def test_every_fault_can_be_told():
    """What is quoted of a text that is not YAML is told as escapes."""
    for said in ('"\\ud800', "*\ud800", "!<\ud800> x", "%TAG ! \ud800\n", "\0"):
        for fault in faults(SMALL + said):
            msgspec.json.encode(fault)


@pytest.mark.parametrize("said", ["%YAML 99.9\n", 'x: "\\U00110000"'])
def test_a_text_on_which_the_parser_fails_is_not_yaml(said: str):
    """It raises errors of its own kinds, too."""
    (fault,) = faults(SMALL + said)
    assert "not YAML" in fault


def many(units: int, targets: int) -> str:
    """A plan in which units share what they make of each target."""
    asked = "".join(f"  - {{id: t{n}, metric: leaver_rate, breach: {{above: 0.15}}}}\n" for n in range(targets))
    made = ", ".join(f"t{n}: {{breach: {{above: 0.2}}}}" for n in range(targets))
    shared = "".join(f"  u{n}: *x\n" for n in range(1, units))
    return f"plan: p\ntargets:\n{asked}local:\n  u0: &x {{targets: {{{made}}}}}\n{shared}"


def test_three_hundred_units_may_share_forty_targets():
    """A plausible plan, the largest one."""
    assert sum(map(len, read(many(300, 40)).local.values())) == 12_000


def test_aliases_of_aliases_are_refused():
    """Six thousand units times 1,400 targets are not made, nor is what names itself."""
    (bomb,) = faults(many(6_000, 1_400))
    (circle,) = faults(SMALL + "local: &a {u: *a}")
    for said in (bomb, circle):
        assert said.endswith(f"aliases repeat too much: more than {MOST_NODES:,} values and keys")
    assert bomb.startswith("1404:")


def test_units_adapt_so_many_targets_in_all():
    """Also where they say nothing of each: the whole of it would be kept for each unit."""
    said = many(MOST_LOCAL // 100 + 1, 100).replace("{breach: {above: 0.2}}", "{}")
    (fault,) = faults(said)
    assert fault == f"{104 + MOST_LOCAL // 100}:3: units adapt more than {MOST_LOCAL:,} targets in all"


def test_lists_of_targets_are_short():
    """They are read again for each unit that adapts a target."""
    said = SMALL.replace("[hr]", f"[{', '.join(['hr'] * 101)}]")
    assert [fault.partition(": ")[2] for fault in faults(said)] == ['"notify" has more than 100 entries']


def test_an_id_is_short():
    """A longer one is no key of a table."""
    assert faults(SMALL.replace("plan: p", f"plan: {'p' * 101}")) == ['1:7: "plan" has more than 100 characters']


def test_so_many_faults_and_no_more_are_told():
    """A text of nothing but faults is not compared word by word with what may have been meant."""
    found = faults(SMALL + "".join(f"unknown-{n}: x\n" for n in range(5_000)))
    assert len(found) == MOST_FAULTS + 1
    assert "104:1: so much is wrong that no more was looked for" in found


def test_long_words_are_not_compared(monkeypatch: pytest.MonkeyPatch):
    """Comparing two words grows with the square of their length."""
    monkeypatch.setattr(written_faults.difflib, "get_close_matches", lambda word, *_, **__: {}[word])
    word = "x" * 90_000
    (fault,) = faults(SMALL.replace("[hr]", f"[{word}]"))
    assert fault == f'4:66: unknown recipient "{word}"; it can be hr'
