"""The command ``stadga`` where it is not installed: ``python -m cli``."""

from cli.main import app

app(prog_name="stadga")
