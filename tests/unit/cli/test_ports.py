"""Ports of the parts of a local stack."""

from cli.local.stack import ports


def test_no_two_names_get_the_same_port():
    """Also where the first choice of both is the same: two sockets may bind a port, as long as none listens."""
    liked = ports.choose({"any": 0}, {})["any"]
    chosen = ports.choose({"broker": liked, "controller": liked}, {})
    assert chosen["broker"] == liked
    assert chosen["controller"] != liked


def test_what_is_remembered_comes_before_what_is_preferred():
    """A part keeps its port."""
    first, second = ports.choose({"a": 0, "b": 0}, {}).values()
    assert ports.choose({"part": first}, {"part": second}) == {"part": second}
