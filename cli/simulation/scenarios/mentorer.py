"""Something helps: in eight units mentors halve how many resign, and in all others it goes on as before."""

from cli.simulation.conditions import Conditions
from cli.simulation.organisation import Office, Site, area
from cli.simulation.scenarios.scenario import BARN_OCH_UNGA, EKONOMISKT_BISTAND, FAMILJESTOD, VUXNA, scenario
from cli.simulation.trouble import Onset, Trouble

RESTLESS = Conditions(restlessness=2.4, hiring=2.5)
MENTORS_HELP = Trouble({"restlessness": 1.2}, builds_up=1)
DAYS_BEFORE = 548
"""From the middle of the year before the last."""
MENTORED, BESIDE = 2, 5
"""Units of each office with mentors, and without."""


def _site(office: Office, number: int, size: int, onsets: tuple[Onset, ...] = ()) -> Site:
    return Site(f"{office.ref}-{number + 1}", f"{office.name} {area(number)}", office, size, onsets, RESTLESS)


SCENARIO = scenario(
    "Björkviks kommun",
    (
        site
        for office in (BARN_OCH_UNGA, EKONOMISKT_BISTAND, VUXNA, FAMILJESTOD)
        for site in (
            *(_site(office, n, 60, (Onset(MENTORS_HELP, DAYS_BEFORE),)) for n in range(MENTORED)),
            *(_site(office, MENTORED + n, 30) for n in range(BESIDE)),
        )
    ),
)
