"""The ``stadga`` command. Each command is a function in a module of its name that imports what is heavy when called."""

import typer

from cli.commands.access import access
from cli.commands.anomalies import anomalies
from cli.commands.backup import backup
from cli.commands.chart import chart
from cli.commands.compute import compute
from cli.commands.dead_letters import dead_letters
from cli.commands.deliveries import deliveries
from cli.commands.demo import demo
from cli.commands.evaluate import evaluate
from cli.commands.import_ import import_
from cli.commands.keys import keys
from cli.commands.mails import mails
from cli.commands.metrics import metrics
from cli.commands.person import person
from cli.commands.plan import plan
from cli.commands.propose import propose
from cli.commands.publish import publish
from cli.commands.report import report
from cli.commands.restore import restore
from cli.commands.simulate import simulate
from cli.commands.sources import sources
from cli.commands.topics import topics
from cli.commands.up import up
from cli.parsing import SpeakingGroup

app = typer.Typer(
    name="stadga",
    cls=SpeakingGroup,
    help="Watches the workforce of municipal social services and warns before a promise in the action plan is broken."
    "\n\nSpeaks Swedish, or English with --language en.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

app.command()(compute)
app.command()(chart)
app.command()(evaluate)
app.command()(simulate)
app.command()(publish)
app.command()(deliveries)
app.command()(anomalies)
app.command()(up)
app.command()(backup)
app.command()(restore)
app.command()(demo)
app.add_typer(access, name="access")
app.add_typer(dead_letters, name="dead-letters")
app.add_typer(import_, name="import")
app.add_typer(keys, name="keys")
app.add_typer(mails, name="mails")
app.add_typer(metrics, name="metrics")
app.add_typer(person, name="person")
app.add_typer(plan, name="plan")
app.add_typer(propose, name="propose")
app.add_typer(report, name="report")
app.add_typer(sources, name="sources")
app.add_typer(topics, name="topics")
