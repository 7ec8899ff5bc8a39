"""Names that no table could be made of are the message's own fault."""

import pytest

from services.metrics.domain.record.incoming import UnreadableError, read
from tests import builders as make

REFUSED = [
    (make.employment_started("p", "2024-01-01", unit="*"), "$.data.unit"),
    (make.employment_started("p", "2024-01-01", occupation="*"), "$.data.occupation"),
    (make.employment_changed("p", "2024-01-01", occupation="*"), "$.data.occupation"),
    (make.unit_defined("u", parent="*"), "$.data.parent"),
    (make.unit_defined("*"), "$.subject"),
    (make.unit_closed("*", "2024-01-01"), "$.subject"),
]


@pytest.mark.parametrize(("event", "where"), REFUSED)
def test_reserved(event: make.Event, where: str):
    """What is called as everything is, is refused where metrics reads, whoever let it through."""
    with pytest.raises(UnreadableError) as refused:
        read(make.encoded(event))
    assert refused.value.reason == "wrong_type"
    assert str(refused.value).startswith(where)


def test_a_name_that_only_looks_odd():
    """Other names are taken in: they were let through once, and break nothing."""
    for name in ("a|b", "* *", "[/x]", "å\u200b"):
        assert read(make.encoded(make.employment_started("p", "2024-01-01", unit=name, occupation=name)))
