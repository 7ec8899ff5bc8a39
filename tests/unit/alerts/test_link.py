"""Links in mails: what is changed in one is found out, and so is one that has expired."""

from datetime import date
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.alerts.domain.handling.link import LinkAbout, holds, overview, plan_page, signature, signed
from services.alerts.settings import AlertSettings

KEY, OTHER = b"a" * 32, b"b" * 32
ABOUT = LinkAbout("plan", "leavers", "ifo/å", "hr", date(2026, 6, 1))
TODAY = date(2026, 5, 31)
FIELDS = st.tuples(st.text(max_size=4), st.text(max_size=4), st.text(max_size=4), st.text(max_size=4), st.dates())


def test_a_link_names_its_reader_and_its_expiry_and_shows_no_value() -> None:
    """What is in the address is what is signed."""
    link = signed(AlertSettings().link(*ABOUT[:3], "episode"), KEY, ABOUT)
    asked = {name: value for name, (value,) in parse_qs(urlsplit(link).query).items()}
    assert urlsplit(link).path == "/board/alerts/plan/leavers/ifo%2F%C3%A5"
    assert asked == {"to": "hr", "expires": "2026-06-01", "sig": signature(KEY, ABOUT)}
    assert holds(KEY, ABOUT, asked["sig"], TODAY)


@pytest.mark.parametrize(("field", "value"), [("plan", "p"), ("target", "t"), ("unit", "u"), ("to", "chef")])
def test_what_is_changed_is_found_out(field: str, value: str) -> None:
    """Another alert, another reader."""
    assert not holds(KEY, ABOUT._replace(**{field: value}), signature(KEY, ABOUT), TODAY)


def test_a_later_expiry_or_another_key_is_found_out_and_a_day_too_late_is_late() -> None:
    """The day named is the first on which it is no good."""
    assert not holds(KEY, ABOUT._replace(expires=date(2027, 1, 1)), signature(KEY, ABOUT), TODAY)
    assert not holds(KEY, ABOUT, signature(OTHER, ABOUT), TODAY)
    assert not holds(KEY, ABOUT, "å", TODAY)
    assert not holds(KEY, ABOUT, signature(KEY, ABOUT), ABOUT.expires)


@given(one=FIELDS, other=FIELDS)
def test_no_two_links_have_one_signature(one: tuple[str, str, str, str, date], other: tuple[str, str, str, str, date]):
    """However the names are cut."""
    same = signature(KEY, LinkAbout(*one)) == signature(KEY, LinkAbout(*other))
    assert same == (msgspec.json.encode(one) == msgspec.json.encode(other))


def test_a_link_of_ones_own_is_as_it_was_written() -> None:
    """It has no places to be filled in; for nobody a signed one has no question."""
    assert signed("https://hr.example/?unit=u", KEY, ABOUT) == "https://hr.example/?unit=u"
    nobody = ABOUT._replace(to="")
    assert signed("https://hr.example/?unit=u", KEY, nobody) == "https://hr.example/?unit=u"
    assert signed("https://s/board/alerts/p/t/u?to={to}&sig={sig}", KEY, nobody) == "https://s/board/alerts/p/t/u"


def test_where_all_alerts_are_found() -> None:
    """On the board, or where a link of one's own leads."""
    assert overview("https://s/board/alerts/p/t/u?to=hr") == "https://s/board"
    assert overview("https://hr.example/v1/alerts?plan=p") == "https://hr.example/v1/alerts"
    assert plan_page("https://s/board", "p/q") == "https://s/board/plans/p%2Fq"
    assert plan_page("https://hr.example/v1/alerts", "p") == "https://hr.example/v1/alerts"
