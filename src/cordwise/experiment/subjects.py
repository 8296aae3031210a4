"""The subjects of an experiment: how hard and how wide each is hit, and the rates of each.

The experiment is repeated over sets of rates, drawn around the fitted ones: what is not known of them.  Subjects of one
set differ by less.  Draws belong to the set and to the subject, not to the condition: every condition has the same
subjects.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from statistics import NormalDist

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.base.randomness import Streams
from cordwise.cord.parameters import (
    SIGN_FREE,
    Species,
    TissueParameters,
    load_parameters,
    tissue_parameter_rows,
)
from cordwise.experiment.plan import Lesion
from cordwise.experiment.tables import setting

_Z90 = NormalDist().inv_cdf(0.95)
_UP_TO_ONE = frozenset(
    {"impact_axons_at_risk", "impact_other_loss", "impact_grey_loss", "impact_vessel_loss", "impact_leak_at_once",
     "border_shield", "born_inflammatory", "conduction_myelin_share", "white_flow_needed",
     "training_lasting", "growth_trophic_lasting", "potassium_channel_share", "node_floor", "arriving_intralesional",
     "arriving_intrathecal", "arriving_intravenous"}
)  # fmt: skip
# Sizes and yardsticks, which are no rates of a subject.
_HELD = frozenset({"length_scale", "mri_threshold", "lesion_edge_share", "ruler_half_drive", "cst_weight"})


@dataclass(frozen=True, slots=True)
class Subjects:
    """Standard normals of each subject, the same in all conditions, and the rates of each; one set after another."""

    worlds: int
    subjects: int
    severity_normals: Float[ndarray, " patient"]
    width_normals: Float[ndarray, " patient"]
    parameters: TissueParameters
    species: Species

    def lesion(self, lesion: Lesion) -> tuple[Float[ndarray, " patient"], Float[ndarray, " patient"]]:
        """Return severity and width (mm) of each subject hit with a lesion."""
        spread = setting("severity_spread", self.species)
        severity = np.minimum(
            lesion.severity * np.exp(spread * self.severity_normals), setting("severity_transection", self.species)
        )
        width = lesion.width_mm * np.exp(setting("width_spread", self.species) * self.width_normals)
        return severity, width


def draw_subjects(species: Species, subjects: int, worlds: int, streams: Streams) -> Subjects:
    """Return the subjects of an experiment, `subjects` for each of `worlds` sets of rates."""
    everyone = np.arange(worlds * subjects)
    spread = _spread(species)
    of_set = streams("experiment-worlds").normals(len(spread), np.arange(worlds)).astype(float)
    of_subject = streams("experiment-subjects").normals(len(spread) + 2, everyone).astype(float)
    own = setting("subject_spread", species) * of_subject[:, 2:]
    shift = setting("world_spread", species) * np.repeat(of_set, subjects, axis=0) + own
    return Subjects(
        worlds=worlds,
        subjects=subjects,
        severity_normals=of_subject[:, 0],
        width_normals=of_subject[:, 1],
        parameters=_shifted(load_parameters(species), spread, shift),
        species=species,
    )


def draw_rates(species: Species, sets: int, streams: Streams, *, share: float | None = None) -> Subjects:
    """Return one subject for each of many sets of rates, hit exactly as the lesion says: only the rates differ.

    They differ by a share of the 90% ranges of the table; 1 is all of them, and left out it is that of experiments.
    """
    spread = _spread(species)
    normals = streams("experiment-worlds").normals(len(spread), np.arange(sets)).astype(float)
    wide = setting("world_spread", species) if share is None else share
    rates = _shifted(load_parameters(species), spread, wide * normals)
    return Subjects(sets, 1, np.zeros(sets), np.zeros(sets), rates, species)


def typical_subject(species: Species, parameters: TissueParameters) -> Subjects:
    """Return one subject for each parameter set (a number may be an array), hit exactly as the lesion says."""
    sets = max(np.size(value) for value in parameters)
    return Subjects(sets, 1, np.zeros(sets), np.zeros(sets), parameters, species)


def _shifted(
    parameters: TissueParameters, spread: Mapping[str, float], shift: Float[ndarray, "patient rate"]
) -> TissueParameters:
    """Return the rates of each subject: lognormal around the fitted ones, normal where they may have either sign.

    Shares are kept below 1.
    """
    drawn = {}
    for at, (name, sd) in enumerate(spread.items()):
        if name in SIGN_FREE:
            drawn[name] = getattr(parameters, name) + sd * shift[:, at]
            continue
        values = getattr(parameters, name) * np.exp(sd * shift[:, at])
        drawn[name] = np.minimum(values, 1.0) if name in _UP_TO_ONE else values
    return parameters._replace(**drawn)


@cache
def _spread(species: Species) -> Mapping[str, float]:
    """Return the standard deviation that the 90% range of each rate stands for; of its logarithm, but for sign-free."""
    ranges = {
        row.name: (row.low90 or 0.0, row.high90 or 0.0)
        for row in tissue_parameter_rows()
        if row.species in ("both", species) and row.name not in _HELD and row.mechanism != "front"
    }
    logs = {name: float(np.log(high / low) / (2 * _Z90)) for name, (low, high) in ranges.items() if high > low > 0}
    return logs | {name: (ranges[name][1] - ranges[name][0]) / (2 * _Z90) for name in sorted(SIGN_FREE)}
