"""What the fitted population misses beyond parameter spread and sampling error, at home, matched and elsewhere."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from cordwise.base.randomness import Streams
from cordwise.evidence import Target
from cordwise.patient.counterfactual import Counterfactual
from cordwise.patient.parameters import PopulationParameters, prior_centre
from cordwise.population.case_mix.weights import BaselineTable
from cordwise.population.observation import REGISTRY_PARAMETERS, Viewing, is_home, viewing_of
from cordwise.population.posterior import ELSEWHERE, HOME, MATCHED, Posterior
from cordwise.population.target_predictions import TargetPredictions, predict_targets

_NORMAL_95 = 2 * 1.959964  # widths of a normal's 95 % interval, in SDs
_ENTRY_DAYS = 7.0  # Sygen's weeks 0 and 1 describe its patients at entry

Discrepancy = Mapping[str, float]


def discrepancies(
    targets: Sequence[Target],
    posterior: Posterior,
    streams: Streams,
    *,
    counterfactual: Counterfactual,
    check: TargetPredictions,
) -> dict[str, Discrepancy]:
    """Return the SD of what is missed in each measure, for three kinds of table.

    At home the case mix is fitted. Elsewhere it is unknown: Sygen is predicted with EMSCI's, as any other registry
    would be. Matched, Sygen's later weeks are predicted from its patients at entry. Where a measure was not reported,
    and never below it, the figure at home stands in.
    """
    home = _missed(check, [is_home(target) for target in targets])
    stranger = replace(posterior, draws=tuple(_without_registries(draw) for draw in posterior.draws))
    foreign = [target for target in targets if not is_home(target)]
    apart = predict_targets(foreign, stranger, streams, draws=len(posterior.draws), counterfactual=counterfactual)
    sygen = [target for target in targets if viewing_of(target) is Viewing.SYGEN]
    entry = BaselineTable(tuple(target for target in sygen if target.followup_day <= _ENTRY_DAYS))
    later = [target for target in sygen if target.followup_day > _ENTRY_DAYS]
    matched = predict_targets(
        later, stranger, streams, draws=len(posterior.draws), counterfactual=counterfactual, case_mix=entry
    )
    return {
        HOME: home,
        MATCHED: _at_least(home, _missed(matched, [True] * len(later))),
        ELSEWHERE: _at_least(home, _missed(apart, [True] * len(foreign))),
    }


def _without_registries(parameters: PopulationParameters) -> PopulationParameters:
    neutral = prior_centre()
    return parameters._replace(**{name: getattr(neutral, name) for name in REGISTRY_PARAMETERS})


def _at_least(home: Discrepancy, found: Discrepancy) -> Discrepancy:
    return {name: max(value, found.get(name, 0.0)) for name, value in home.items()}


def _missed(check: TargetPredictions, chosen: Sequence[bool]) -> Discrepancy:
    excess = (check.predicted - check.observed) ** 2 - ((check.high95 - check.low95) / _NORMAL_95) ** 2
    measures = np.array([target.measure for target in check.targets])
    kept = np.array(chosen)
    return {
        str(measure): float(np.sqrt(max(0.0, np.nanmean(excess[kept & (measures == measure)]))))
        for measure in dict.fromkeys(measures[kept])
    }
