"""What an experiment rests on beside the tissue model: levers, hosts and spreads, with source and status."""

from cordwise.base.assumptions import Assumption
from cordwise.experiment.host import host_assumptions
from cordwise.experiment.levers import lever_assumptions
from cordwise.experiment.plan import Experiment
from cordwise.experiment.tables import setting_assumption

_SPREADS = ("severity_spread", "width_spread", "subject_spread", "world_spread")


def assumptions_of(experiment: Experiment) -> list[Assumption]:
    """Return the numbers an experiment rests on, each once."""
    found: list[Assumption] = []
    for condition in experiment.conditions:
        for pull in condition.pulls:
            found += lever_assumptions(pull.lever)
        found += host_assumptions(condition.host, experiment.species)
        if condition.regimen is not None:
            found.append(setting_assumption("translation", experiment.species))
    found += [setting_assumption(name, experiment.species) for name in _SPREADS]
    return [each for number, each in enumerate(found) if each not in found[:number]]
