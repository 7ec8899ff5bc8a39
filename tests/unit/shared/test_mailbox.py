"""Which mail addresses can be written to, and how they travel."""

import subprocess
import sys

import pytest

from shared.written.mailbox import Mailbox, mailbox


@pytest.mark.parametrize(
    ("text", "user", "host"),
    [
        ("hr@kommun.se", "hr", "kommun.se"),
        ("o'neil+hr@kommun.se", "o'neil+hr", "kommun.se"),
        ("Anna.Berg@Kommun.SE", "Anna.Berg", "kommun.se"),
        ("hr@SÖDERKÖPING.se", "hr", "xn--sderkping-07ae.se"),
        ("hr@xn--sderkping-07ae.se", "hr", "xn--sderkping-07ae.se"),
        ("hr@straße.de", "hr", "xn--strae-oqa.de"),
    ],
)
def test_how_it_travels(text: str, user: str, host: str):
    """In ASCII, by IDNA 2008: a domain of its own is no other's."""
    assert mailbox(text) == Mailbox(user, host)


@pytest.mark.parametrize("host", ["localhost", "relay", "exchange.kommun.local", "kommun.test", "127.0.0.1"])
def test_networks_of_their_own(host: str):
    """Names that the internet has no mail for are known where Stadga runs."""
    assert mailbox(f"hr@{host}").host == host


@pytest.mark.parametrize(
    "text",
    [
        "hr@kommun.invalid",
        "hr@b-.se",
        "hr@kommun..se",
        "hr@xn--abc.se",
        "hr@kom\N{SOFT HYPHEN}mun.se",
        "hr@\N{RIGHT-TO-LEFT OVERRIDE}kommun.se",
        "HR <hr@kommun.se>",
        '"h r"@kommun.se',
        "hr@[127.0.0.1]",
        "hr@kommun.se\n",
        "hr\ud800@kommun.se",
        f"{'h' * 250}@kommun.se",
    ],
)
def test_what_is_no_address(text: str):
    """Domains that cannot be, invisible marks, names for people, quotes, numbers in brackets, what is too long."""
    with pytest.raises(ValueError, match="must be one e-mail address"):
        mailbox(text)


def test_nobody_is_asked():
    """An address is judged by its letters: what would ask the DNS is not even loaded."""
    program = (
        "import sys; from shared.written.mailbox import mailbox; mailbox('hr@söderköping.se');"
        " sys.exit('dns' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
