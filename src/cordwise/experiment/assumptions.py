"""What an experiment rests on beside the tissue model: levers, hosts and spreads, with source and status."""

from cordwise.base.assumptions import Assumption
from cordwise.cord.parameters import Species
from cordwise.experiment.cuts import cut_assumptions
from cordwise.experiment.host import host_assumptions
from cordwise.experiment.levers import lever_assumptions
from cordwise.experiment.plan import Experiment
from cordwise.experiment.squeeze import SQUEEZE
from cordwise.experiment.tables import setting, setting_assumption

_BBB_TRACTS = ("ventrolateral", "dorsolateral", "dorsal", "rest")
_LADDER_TRACTS = ("corticospinal", "dorsolateral", "ventrolateral", "dorsal_column")
_SPREADS = ("severity_spread", "width_spread", "subject_spread", "world_spread")


def assumptions_of(experiment: Experiment) -> list[Assumption]:
    """Return the numbers an experiment rests on, each once."""
    found: list[Assumption] = []
    for condition in experiment.conditions:
        for pull in condition.pulls:
            found += lever_assumptions(pull.lever)
        found += host_assumptions(condition.host, experiment.species)
        if condition.host.aged and "scim" in experiment.readouts:
            found.append(setting_assumption("scim_age_decade", experiment.species))
        found += cut_assumptions(condition.all_cuts, experiment.species)
        if any(change.target == SQUEEZE for change in condition.changes) and condition.lesion.squeeze_mmhg:
            found.append(_squeeze_assumption(condition.lesion.squeeze_mmhg, experiment.species))
        if condition.regimen is not None:
            found.append(setting_assumption("translation", experiment.species))
    found += [setting_assumption(name, experiment.species) for name in (*_SPREADS, *_weights(experiment))]
    return [each for number, each in enumerate(found) if each not in found[:number]]


def _weights(experiment: Experiment) -> list[str]:
    """Return the settings behind the scores that are read, and behind detours where something is cut."""
    names = [f"bbb_{tract}" for tract in _BBB_TRACTS] if "bbb" in experiment.readouts else []
    names += [f"ladder_{tract}" for tract in _LADDER_TRACTS] if "ladder" in experiment.readouts else []
    cut = any(each.all_cuts for each in experiment.conditions)
    return names + (["detour_growth", "detour_drive", "detour_without_direct"] if cut else [])


def _squeeze_assumption(mmhg: float, species: Species) -> Assumption:
    """Return the pressure that squeezes the cord: a setting, or a number of the file."""
    usual = next(
        (name for name in ("squeeze_compression", "squeeze_contusion") if setting(name, species) == mmhg), None
    )
    if usual is not None:
        return setting_assumption(usual, species)
    return Assumption(what="pressure from outside on the cord", value=mmhg, unit="mmHg", source="file", status="given")
