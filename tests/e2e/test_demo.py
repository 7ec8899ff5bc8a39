"""The whole of Stadga, as ``stadga demo --exit`` shows it."""

import subprocess
import sys
from pathlib import Path

from cli.connect.running import RunningFile
from cli.local.stack.child import Child
from tests.conftest import here

STADGA = Path(sys.executable).with_name("stadga")
SECONDS = 1_800


def test_demo_ends_with_the_mail_about_the_troubled_unit(tmp_path: Path):
    """From nothing to the alert's e-mail in one command, which leaves nothing running."""
    environment = {**here(), "COLUMNS": "120"}
    demo = subprocess.run(
        [STADGA, "demo", "--exit"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert demo.returncode == 0, demo.stdout[-3000:] + demo.stderr[-3000:]
    table, _, mail = demo.stdout.partition("Mejlet")
    assert "Barn och unga Centrum" in table
    assert "Barn och unga Centrum: " in mail
    assert "över planens gräns" in mail
    home = tmp_path / ".stadga" / "demo"
    started = RunningFile(home / "stack.json").read()
    assert len(started) == 6
    assert not any(Child(home / "run" / f"{part}.lock", home / "log").alive for part in started)
