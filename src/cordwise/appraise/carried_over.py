"""The study simulated with cells, at a few shares of the rodent effect carried over."""

from math import sqrt

import numpy as np

from cordwise.appraise.claim import Study
from cordwise.appraise.match import entry_of
from cordwise.appraise.translation import Translation, likelihood, posterior
from cordwise.cohort import Posterior
from cordwise.cohort.recovery import Effort, improvement_by_world
from cordwise.cohort.world import treated_world
from cordwise.cord.file_types import Grade
from cordwise.cord.product import Dose, Regimen
from cordwise.randomness import Streams

NODES = np.array([0.0, 0.25, 0.5, 0.75, 1.0])


def regimen_of(study: Study, translation: float) -> Regimen:
    """Return one dose as the study gave it: the middle of its window, the geometric middle of its dose range."""
    low, high = study.dose_cells
    return Regimen((Dose(sum(study.dose_day) / 2, sqrt(low * high), study.route),), study.product, translation)


def translation_of(
    study: Study, grades: tuple[Grade, ...], parameters: Posterior, streams: Streams, *, effort: Effort
) -> Translation:
    """Return what the first arm of the study says about the translation.

    The same simulated patients are examined at every node, so that the likelihood is smooth in the translation.
    """
    worlds = [treated_world(regimen_of(study, float(node))) for node in NODES]
    found = improvement_by_world(
        parameters,
        streams,
        entry_of(study),
        [study.followup_day],
        effort=effort,
        worlds=worlds,
        min_grades=study.improved_grades,
    )
    likelihoods = [likelihood(study.claims[0], grades, each.probability[:, :, 0]) for each in found]
    return posterior(NODES, np.array(likelihoods))
