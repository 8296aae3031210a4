"""The case mix that EMSCI prints, the same read off simulated patients, and what the structure may miss."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.evidence import Target, load_table
from cordwise.isncsci import AIS, level_index
from cordwise.population.observation import ExaminedPatients, Viewing, viewing_of

_GRADES = (AIS.A, AIS.B, AIS.C, AIS.D)


@dataclass(frozen=True, slots=True)
class CaseMix:
    """Shares of baseline grades, of groups of levels, and of grades among tetraplegia."""

    grades: Float[ndarray, "4"]
    levels: Float[ndarray, "3"]
    tetraplegia: Float[ndarray, "4"]


def simulated_case_mix(population: ExaminedPatients) -> CaseMix:
    """Return the case mix at the examination that sets the baseline grade in EMSCI."""
    view = population.view(Viewing.EMSCI)
    rows = np.flatnonzero(view.has_baseline)
    grade = population.outcomes.ais[rows, view.baseline_visit[rows]]
    level = population.outcomes.neurological_level[rows, view.baseline_visit[rows]]
    shares = np.array([(grade == each).mean() for each in _GRADES])
    groups = np.searchsorted([level_index("T1"), level_index("L1")], level, side="right")
    in_neck = grade[level <= level_index("T1")]
    return CaseMix(
        shares,
        np.bincount(groups, minlength=3) / max(len(groups), 1),
        np.array([(in_neck == each).mean() if len(in_neck) else 0.0 for each in _GRADES]),
    )


def registry_case_mix(targets: Sequence[Target]) -> CaseMix:
    """Return EMSCI's case mix: table 2 of Bourguignon 2022, and the printed numbers of week 4 for tetraplegia."""
    rows = load_table("natural_history").filter(registry="EMSCI", source_short="Bourguignon2022")
    share = {
        row["measure"]: float(row["value"]) / 100
        for row in rows.iter_rows(named=True)
        if row["level_group"] == "all levels"
    }
    grades = np.array([share[f"baseline_AIS_{grade.name}"] for grade in _GRADES])
    levels = np.array([share[f"level_{group}"] for group in ("cervical", "thoracic", "lumbar")])
    numbers = np.array([_tetraplegic(targets, grade) for grade in _GRADES])
    return CaseMix(grades, levels, numbers / numbers.sum())


def _tetraplegic(targets: Sequence[Target], grade: AIS) -> float:
    """Return how many tetraplegic patients of a grade EMSCI's table of LEMS counts in week 4."""
    return next(
        (
            target.n
            for target in targets
            if viewing_of(target) is Viewing.EMSCI
            and (target.measure, target.followup_day, target.baseline_ais) == ("lems", 28, grade.name)
            and target.level_first == 0
        ),
        np.nan,
    )
