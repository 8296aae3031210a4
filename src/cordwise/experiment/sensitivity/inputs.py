"""The inputs whose influence is asked for: their ranges, and their values at a point of the unit cube."""

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.cord.parameters import SIGN_FREE, Species, tissue_parameter_rows
from cordwise.experiment.sensitivity.settings import setting_of
from cordwise.experiment.sensitivity.subject import Subject
from cordwise.experiment.tables import setting

TRANSLATION = "translation"
LESION = ("severity", "width_mm")
_Z90 = NormalDist().inv_cdf(0.95)
_CELLS = frozenset({"cells", "dose"})  # mechanisms that act through cells alone
_NO_INPUT = frozenset({"front"})  # marks of a run that failed, which change no outcome
_ONE_FOR_ALL = frozenset({"length_scale"})


@dataclass(frozen=True, slots=True)
class Input:
    """One input: uniform on the logarithm between its ends; the translation has its own prior."""

    name: str
    mechanism: str
    meaning: str
    unit: str
    value: float
    low90: float
    high90: float


def inputs_of(subject: Subject) -> tuple[Input, ...]:
    """Return the inputs of a subject: its lesion, the tissue's rates and, with cells, theirs and the translation."""
    return (*_lesion(subject), *_tissue(subject), *_translation(subject))


def mechanisms_of(inputs: tuple[Input, ...]) -> tuple[str, ...]:
    """Return the mechanisms of the inputs, each once, in their order."""
    return tuple(dict.fromkeys(each.mechanism for each in inputs))


def values_at(points: Float[ndarray, "run input"], inputs: tuple[Input, ...]) -> dict[str, Float[ndarray, " run"]]:
    """Return the value of each input at points of the unit cube."""
    return {each.name: _value(points[:, at], each) for at, each in enumerate(inputs)}


def _value(place: Float[ndarray, " run"], each: Input) -> Float[ndarray, " run"]:
    if each.name == TRANSLATION:
        return _prior().ppf(np.clip(place, 0.0, 1.0))
    if each.low90 < 0:
        return each.low90 + (each.high90 - each.low90) * place
    return each.low90 * (each.high90 / each.low90) ** place


def _lesion(subject: Subject) -> Iterator[Input]:
    for name, value, unit, meaning in (
        ("severity", subject.severity, "-", "severity of the injury at its centre"),
        ("width_mm", subject.width_mm, "mm", "width of the injury along the cord (standard deviation)"),
    ):
        factor = float(np.exp(_Z90 * setting(f"{name.removesuffix('_mm')}_spread", subject.species)))
        high = (
            min(value * factor, setting("severity_transection", subject.species))
            if name == "severity"
            else value * factor
        )
        yield Input(name, "lesion", meaning, unit, value, value / factor, high)


def _tissue(subject: Subject) -> Iterator[Input]:
    for row in tissue_parameter_rows():
        is_of_cells = row.mechanism in _CELLS
        if row.species not in ("both", subject.species) or (is_of_cells and subject.regimen is None):
            continue
        low, high = row.low90 or 0.0, row.high90 or 0.0
        if (
            high > low
            and (low > 0 or row.name in SIGN_FREE)
            and row.mechanism not in _NO_INPUT
            and row.name not in _ONE_FOR_ALL
        ):
            yield Input(row.name, row.mechanism, row.meaning, row.unit, row.value, low, high)


def _translation(subject: Subject) -> Iterator[Input]:
    if subject.regimen is None or subject.species != Species.HUMAN:
        return
    meaning = "share of the effect of cells in rodents that carries over to people"
    low, high = (float(end) for end in _prior().ppf([0.05, 0.95]))
    yield Input(TRANSLATION, TRANSLATION, meaning, "share", subject.regimen.translation, low, high)


def _prior():  # noqa: ANN202 - SciPy names no public type for a frozen distribution
    from scipy.stats import beta

    return beta(setting_of("translation_prior_probable"), setting_of("translation_prior_improbable"))
