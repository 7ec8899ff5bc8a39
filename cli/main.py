"""The ``stadga`` command. Each command is a function in a module of its name that imports what is heavy when called."""

import typer

from cli.chart import chart
from cli.compute import compute
from cli.dead_letters import dead_letters
from cli.demo import demo
from cli.import_ import import_
from cli.mails import mails
from cli.metrics import metrics
from cli.plan import plan
from cli.propose import propose
from cli.publish import publish
from cli.report import report
from cli.simulate import simulate
from cli.topics import topics
from cli.up import up

app = typer.Typer(
    name="stadga",
    help="Watches the workforce of municipal social services and warns before a promise in the action plan is broken.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

app.command()(compute)
app.command()(chart)
app.command()(simulate)
app.command()(publish)
app.command()(up)
app.command()(demo)
app.add_typer(dead_letters, name="dead-letters")
app.add_typer(import_, name="import")
app.add_typer(mails, name="mails")
app.add_typer(metrics, name="metrics")
app.add_typer(plan, name="plan")
app.add_typer(propose, name="propose")
app.add_typer(report, name="report")
app.add_typer(topics, name="topics")
