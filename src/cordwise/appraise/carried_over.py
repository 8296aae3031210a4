"""The study simulated with cells, at a few shares of the rodent effect carried over."""

from math import sqrt

import numpy as np

from cordwise.appraise.comparator import entry_of
from cordwise.appraise.study import Study
from cordwise.appraise.translation import Translation, likelihood, posterior
from cordwise.base.randomness import Streams
from cordwise.cord.product import Dose, Regimen
from cordwise.patient.counterfactual import with_cells
from cordwise.patient.file_types import Grade
from cordwise.population.natural_recovery import Effort, improvement_by_world
from cordwise.population.posterior import Posterior

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
    worlds = [with_cells(regimen_of(study, float(node))) for node in NODES]
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
