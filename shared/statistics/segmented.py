"""Segmented regression of a monthly series of counts: its level before and after a start, apart from trend and season.

A log-linear model with a quasi-Poisson variance, fitted by iteratively reweighted least squares. Sources: J. Lopez
Bernal, S. Cummins and A. Gasparrini, Int. J. Epidemiol. 46 (2017) 348–355; P. McCullagh and J. Nelder, Generalized
Linear Models, 2nd ed. 1989, 2.5 and 9.2.
"""

from collections.abc import Sequence
from math import exp
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from shared.statistics.estimate import Estimate
from shared.statistics.intervals import TAIL

SEASON = 12
"""Months a year."""
ROUNDS = 50
STILL = 1e-12
"""Fitting ends when no coefficient moves by more than this."""
NOTHING = 1e-100
"""A mean below this has run away: a month without events can be fitted ever better by ever less."""

Floats = NDArray[Any]


class Segmented(NamedTuple):
    """What became of the level at the start.

    ``step`` is the ratio of the level after to before with its interval, by the dispersion; ``plain`` is the same with
    the narrower interval that a Poisson variance would give. A ``dispersion`` of 1 is Poisson's.
    """

    step: Estimate
    plain: Estimate
    dispersion: float


def segmented(
    counts: Sequence[int], exposures: Sequence[float], start: int, harmonics: int = 0, apart: int = 0
) -> Segmented | None:
    """Fits a series of which the month at position ``start`` is the first of the new level.

    ``harmonics`` is how many sine waves a year make the season; ``apart`` is how many months from the start on belong
    to neither level. None when the series is too short for the model, has no event on a side, or cannot be fitted.
    """
    if not (sum(counts[:start]) and sum(counts[start + apart :])):
        return None
    used = np.array([month for month in range(len(counts)) if not start <= month < start + apart])
    model = _model(len(counts), start, harmonics)[used]
    if len(used) <= model.shape[1] or np.linalg.matrix_rank(model) < model.shape[1]:
        return None
    events, exposed = np.asarray(counts, float)[used], np.asarray(exposures, float)[used]
    return _answer(events, exposed, model)


def _answer(events: Floats, exposed: Floats, model: Floats) -> Segmented | None:
    fitted = _fit(events, np.log(exposed), model)
    if fitted is None:
        return None
    mean = exposed * np.exp(model @ fitted)
    error = float(np.sqrt(np.linalg.inv(model.T @ (mean[:, None] * model))[1, 1]))
    dispersion = float(((events - mean) ** 2 / mean).sum() / (len(events) - model.shape[1]))
    step = float(fitted[1])
    return Segmented(_ratio(step, error * dispersion**0.5), _ratio(step, error), dispersion)


def _model(months: int, start: int, harmonics: int) -> Floats:
    """A column each for the level, the step, the trend, and each wave's sine and cosine."""
    time = np.arange(months)
    angles = [2 * np.pi * wave * time / SEASON for wave in range(1, harmonics + 1)]
    waves = [function(angle) for angle in angles for function in (np.sin, np.cos)]
    return np.column_stack([np.ones(months), time >= start, time / SEASON, *waves])


def _fit(events: ArrayLike, offset: Floats, model: Floats) -> Floats | None:
    """The coefficients; None when they do not come to rest."""
    events = np.asarray(events)
    linear = np.log(events + 0.5)
    before = np.full(model.shape[1], np.inf)
    for _ in range(ROUNDS):
        with np.errstate(over="ignore"):
            mean = np.exp(linear)
        if not (np.isfinite(mean).all() and mean.min() > NOTHING):
            return None
        weights = np.sqrt(mean)
        working = linear - offset + (events - mean) / mean
        fitted: Floats = np.linalg.lstsq(weights[:, None] * model, weights * working, rcond=None)[0]
        if np.abs(fitted - before).max() < STILL:
            return fitted
        before, linear = fitted, offset + model @ fitted
    return None


def _ratio(step: float, error: float) -> Estimate:
    reach = -float(ndtri(TAIL)) * error
    return Estimate(exp(step), exp(step - reach), exp(step + reach))
