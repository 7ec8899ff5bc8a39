"""Effects that others have published, from the same data, to the printed digits."""

import csv
from math import log
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.genmod.families import Poisson
from statsmodels.genmod.generalized_linear_model import GLM

from shared.statistics.difference import change, of_means
from shared.statistics.placebo import placebo
from shared.statistics.segmented import Segmented, segmented

KNOWN = Path(__file__).parent / "known"
BAN = 36


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a published series."""
    with (KNOWN / name).open() as file:
        return list(csv.DictReader(file))


def sicily(harmonics: int = 0) -> Segmented:
    """The smoking ban of Sicily, as the tutorial's code fits it."""
    months = rows("sicily.csv")
    assert len(months) == 59
    assert [month["smokban"] for month in months] == ["0"] * BAN + ["1"] * (59 - BAN)
    counts, people = [int(month["aces"]) for month in months], [float(month["stdpop"]) for month in months]
    answer = segmented(counts, people, BAN, harmonics)
    assert answer is not None
    return answer


def test_sicily():
    """Fewer coronary episodes since the ban: by Poisson's variance, and wider by that of the series."""
    answer = sicily()
    assert [round(bound, 4) for bound in answer.plain] == [0.8944, 0.8647, 0.9251]
    assert [round(bound, 3) for bound in answer.step] == [0.894, 0.839, 0.953]
    assert round(answer.dispersion, 3) == 3.559


def test_sicily_with_its_seasons():
    """Two sine waves a year take the season out, and with it a third of the spread."""
    answer = sicily(harmonics=2)
    assert [round(bound, 3) for bound in answer.step] == [0.885, 0.839, 0.933]
    assert round(answer.dispersion, 3) == 2.262


def changes() -> dict[str, float]:
    """How much each state's mean of 1989–2000 differs from that of 1970–1988."""
    years = rows("proposition_99.csv")
    sides = [[year for year in years if (int(year["Year"]) >= 1989) is later] for later in (False, True)]
    states = [state for state in years[0] if state != "Year"]
    found = {state: change(*([float(year[state]) for year in side] for side in sides)) for state in states}
    return {state: each for state, each in found.items() if each is not None}


def test_proposition_99():
    """California's sales fell by 27.349 packs more than those of the 38 other states."""
    others = changes()
    california = others.pop("California")
    assert len(others) == 38
    answer = of_means([california], list(others.values()))
    assert round(answer.effect, 3) == -27.349


def test_proposition_99_is_no_sure_thing():
    """Some of the 38 changed as much, and the interval says so: plain differences leave doubt."""
    others = changes()
    california = others.pop("California")
    found = placebo(california, list(others.values()))
    answer = of_means([california], list(others.values()))
    assert found.units == 38
    assert answer.spans(0) is (found.p > 0.05)


@pytest.mark.parametrize("start", [0, 59])
def test_nothing_on_one_side(start: int):
    """A series without a before, or an after, has no answer."""
    assert segmented([5] * 59, [1.0] * 59, start) is None


@given(st.integers(0, 2**32 - 1), st.integers(0, 2))
@settings(max_examples=25, deadline=None)
def test_segmented_is_statsmodels(seed: int, harmonics: int):
    """Any series is fitted as statsmodels fits it."""
    chance = np.random.default_rng(seed)
    counts, exposures = chance.poisson(8, 30), chance.uniform(0.5, 2, 30)
    months = np.arange(30)
    angles = [2 * np.pi * wave * months / 12 for wave in range(1, harmonics + 1)]
    columns = [np.ones(30), months >= 14, months, *(f(angle) for angle in angles for f in (np.sin, np.cos))]
    model = GLM(counts, np.column_stack(columns), Poisson(), offset=np.log(exposures)).fit(scale="X2", tol=1e-12)
    found = segmented(counts.tolist(), exposures.tolist(), 14, harmonics)
    assert found is not None
    assert (log(found.step.effect), log(found.step.low)) == pytest.approx((model.params[1], model.conf_int()[1][0]))
    assert found.dispersion == pytest.approx(model.scale)


@given(st.lists(st.integers(0, 2), min_size=24, max_size=24), st.integers(0, 2))
@settings(max_examples=60, deadline=None)
def test_sparse_series_are_fitted_or_refused(counts: list[int], harmonics: int):
    """With hardly any events there is an answer, or none: never an error."""
    found = segmented(counts, [1.0] * 24, 12, harmonics)
    assert found is None or found.step.low <= found.step.effect <= found.step.high
