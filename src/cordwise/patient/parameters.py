"""The population's parameters: a table in the package, one named value each, and the scale on which they are fitted."""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray
from scipy.special import expit, logit

from cordwise.base.tables import Row, packaged_table

_FORWARD: Mapping[str, Callable[[float], float]] = {"id": float, "abs": float, "log": np.log, "logit": logit}
_BACKWARD: Mapping[str, Callable[[float], float]] = {"id": float, "abs": abs, "log": np.exp, "logit": expit}


class PopulationParameters(NamedTuple):
    """One set of population parameters; units, meaning and source of each stand in `data/parameters.csv`."""

    cord_length_mm: float
    cervical_share: float
    cervical_centre_mm: float
    cervical_spread_mm: float
    thoracolumbar_share: float
    thoracolumbar_centre_mm: float
    thoracolumbar_spread_mm: float
    lesion_width_mm: float
    width_severity_slope: float
    width_spread: float
    width_with_block: float
    severe_share: float
    severe_share_below_neck: float
    severe_share_thoracolumbar: float
    severe_log_odds: float
    severe_spread: float
    mild_log_odds: float
    mild_spread: float
    mild_shift_below_neck: float
    severity_floor: float
    severity_ceiling: float
    severity_scale: float
    other_descending_shift: float
    dorsal_column_shift: float
    spinothalamic_shift: float
    tract_spread: float
    side_spread: float
    tract_side_spread: float
    motor_lamination: float
    sensory_lamination: float
    sacral_spread: float
    sacral_motor_share: float
    anal_contraction_spread_share: float
    grey_loss_log_odds: float
    grey_loss_severity_slope: float
    grey_loss_spread: float
    motor_neuron_zone_ratio: float
    sensory_root_loss: float
    motor_block: float
    sensory_block: float
    block_spread: float
    block_severity_slope: float
    block_days: float
    block_days_spread: float
    block_days_severity_slope: float
    acute_motor_block: float
    acute_sensory_block: float
    acute_block_spread: float
    acute_block_days: float
    plasticity: float
    plasticity_days: float
    plasticity_spread: float
    plasticity_exponent: float
    sensory_plasticity: float
    drive_floor: float
    spinal_shock: float
    spinal_shock_days: float
    sprouting: float
    sprouting_days: float
    sprouting_spread: float
    corticospinal_weight: float
    hand_weight: float
    hand_share_c7: float
    hand_share_c8: float
    hand_share_t1: float
    first_contraction_drive: float
    normal_strength_drive: float
    muscle_trait: float
    trait_fade_grades: float
    silent_grade: float
    motor_rater_noise: float
    motor_visit_noise: float
    touch_first_cut: float
    touch_cut_ratio: float
    pin_first_cut: float
    pin_cut_ratio: float
    dermatome_trait: float
    dermatome_trait_correlation: float
    pin_trait_share: float
    intact_profile: float
    full_noise_profile: float
    sensory_rater_noise: float
    touch_visit_noise: float
    pin_visit_noise: float
    anal_contraction_cut: float
    deep_pressure_cut: float
    sacral_visit_noise: float
    sacral_noise_ratio: float
    sacral_noise_lasting: float
    sacral_log_odds: float
    sacral_block_spared: float
    male_share: float
    men_age_mean: float
    men_age_spread: float
    women_age_mean: float
    women_age_spread: float
    youngest_age: float
    oldest_age: float
    scim_intercept: float
    scim_arms: float
    scim_legs: float
    scim_sensation: float
    scim_start: float
    scim_days: float
    scim_person_spread: float
    scim_visit_noise: float
    wisci_intercept: float
    wisci_arms: float
    wisci_legs: float
    wisci_start: float
    wisci_days: float
    wisci_person_spread: float
    examination_day_power: float
    severe_share_neck_slope: float
    mild_neck_slope: float

    def packed(self) -> ndarray:
        """Return the set as an array of one record, the form that compiled code reads by name."""
        return _records((self,))

    def number_of(self, patients: int) -> Int[ndarray, " patient"]:
        """Return which record of `packed` each patient has: all the same."""
        return np.zeros(patients, np.int64)


@dataclass(frozen=True, slots=True)
class ParameterSets:
    """Several sets of population parameters for one batch of patients, so that one call serves all of them.

    A parameter read by its name is a number where all sets agree, and an array over the patients where they do not:
    arithmetic written for one set serves a batch of many.

    Attributes
    ----------
    sets
        The sets.
    number
        Which of them each patient has.
    """

    sets: tuple[PopulationParameters, ...]
    number: Int[ndarray, " patient"]

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - a number or an array, as `PopulationParameters` has it
        """Return a parameter of every patient; a number where the sets agree."""
        if name not in PopulationParameters._fields:
            raise AttributeError(name)
        values = _records(self.sets)[name]
        return float(values[0]) if (values == values[0]).all() else values[self.number]

    def __getitem__(self, chosen: ndarray | slice) -> "ParameterSets":
        """Return the parameters of some of the patients."""
        return ParameterSets(self.sets, self.number[chosen])

    def packed(self) -> ndarray:
        """Return the sets as an array of records, the form that compiled code reads by name."""
        return _records(self.sets)

    def number_of(self, patients: int) -> Int[ndarray, " patient"]:
        """Return which record of `packed` each patient has."""
        if patients != len(self.number):
            raise ValueError(f"parameters of {len(self.number)} patients were given for {patients}")
        return self.number


def _records(sets: tuple[PopulationParameters, ...]) -> ndarray:
    """Return the sets as records; those of the last few tuples are kept, and found by identity, as hashing is slow."""
    for known, records in _KNOWN:
        if known is sets:
            return records
    made = np.array(list(sets), dtype=[(name, np.float64) for name in PopulationParameters._fields])
    _KNOWN.append((sets, made))
    return made


_KNOWN: deque[tuple[tuple[PopulationParameters, ...], ndarray]] = deque(maxlen=8)


AnyParameters = PopulationParameters | ParameterSets
"""One set of parameters for a whole batch of patients, or one for each patient."""


def of_some(parameters: AnyParameters, chosen: ndarray | slice) -> AnyParameters:
    """Return the parameters of some patients of a batch."""
    return parameters[chosen] if isinstance(parameters, ParameterSets) else parameters


def along(values: ndarray | float, axes: int, kind: type = float) -> ndarray:
    """Return a parameter in the shape that multiplies arrays of patients with `axes` more axes."""
    return np.asarray(values, kind)[(..., *(None,) * axes)]


@dataclass(frozen=True, slots=True)
class ParameterRow:
    """One row of the parameter table: prior centre, prior SD on the working scale (`None` if fixed), and its source."""

    name: str
    symbol: str
    value: float
    prior_sd: float | None
    transform: str
    unit: str
    mechanism: str
    source: str
    status: str
    meaning: str


@cache
def parameter_table() -> tuple[ParameterRow, ...]:
    """Return the rows of the parameter table, in the order of `PopulationParameters`."""
    return tuple(_read_row(row) for row in packaged_table("cordwise.patient", "parameters"))


def _read_row(row: Row) -> ParameterRow:
    prior_sd = float(row["prior_sd"]) if row["prior_sd"] else None
    words = {
        name: row[name] for name in ("name", "symbol", "transform", "unit", "mechanism", "source", "status", "meaning")
    }
    return ParameterRow(value=float(row["value"]), prior_sd=prior_sd, **words)


def prior_centre() -> PopulationParameters:
    """Return the parameter set at the centre of the priors."""
    return PopulationParameters(**{row.name: row.value for row in parameter_table()})


def free_rows(*mechanisms: str) -> tuple[ParameterRow, ...]:
    """Return the rows that are fitted, of the named mechanisms or of all."""
    return tuple(
        row for row in parameter_table() if row.prior_sd is not None and (not mechanisms or row.mechanism in mechanisms)
    )


def to_working_scale(parameters: PopulationParameters, rows: tuple[ParameterRow, ...]) -> Float[ndarray, " free"]:
    """Return the values of `rows` on the unbounded scale on which priors are normal."""
    return np.array([_FORWARD[row.transform](getattr(parameters, row.name)) for row in rows])


def from_working_scale(
    point: Float[ndarray, " free"], rows: tuple[ParameterRow, ...], others: PopulationParameters
) -> PopulationParameters:
    """Return `others` with the values of `rows` replaced by `point`, given on the working scale."""
    values = {row.name: float(_BACKWARD[row.transform](value)) for row, value in zip(rows, point, strict=True)}
    return others._replace(**values)
