"""In-silico cell-therapy trials for spinal cord injury, with simulated patients; for research and trial planning.

The names below are the public ones; each is imported from its room when it is first asked for, so that importing
cordwise costs nothing. Files may be given as paths or as the names of shipped examples::

    import cordwise as cw

    found = cw.appraise("honmou2021", seed=1)
    print(found)
    found.report("report.html")

Not for decisions about a patient's care.
"""

TYPE_CHECKING = False  # as `typing` has it; importing `typing` would cost more than all the rest
if TYPE_CHECKING:
    from cordwise import isncsci, stats
    from cordwise.appraisal.run import appraise
    from cordwise.appraisal.study import Study, read_study
    from cordwise.base.errors import CordwiseError, InputError, ModelError
    from cordwise.base.result import Result
    from cordwise.experiment.files import read_experiment
    from cordwise.experiment.run import run_experiment
    from cordwise.isncsci.ais import AIS
    from cordwise.isncsci.files.door import classify, explain
    from cordwise.patient.file import read_patient
    from cordwise.population.check import check_population
    from cordwise.population.choice import choose_population
    from cordwise.population.example_patient import simulate_patient
    from cordwise.population.simulated import simulate_population
    from cordwise.trial.compare.run import compare_trials
    from cordwise.trial.design.file import Design, read_design
    from cordwise.trial.escalation.file import read_escalation
    from cordwise.trial.escalation.run import escalate
    from cordwise.trial.run import simulate_trial
    from cordwise.trial.search.file import read_search
    from cordwise.trial.search.run import search_designs
    from cordwise.trial.sweep import sweep

_HOMES = {
    "AIS": "isncsci.ais",
    "CordwiseError": "base.errors",
    "Design": "trial.design.file",
    "InputError": "base.errors",
    "ModelError": "base.errors",
    "Result": "base.result",
    "Study": "appraisal.study",
    "appraise": "appraisal.run",
    "check_population": "population.check",
    "choose_population": "population.choice",
    "classify": "isncsci.files.door",
    "compare_trials": "trial.compare.run",
    "escalate": "trial.escalation.run",
    "explain": "isncsci.files.door",
    "read_design": "trial.design.file",
    "read_escalation": "trial.escalation.file",
    "read_experiment": "experiment.files",
    "read_patient": "patient.file",
    "read_search": "trial.search.file",
    "read_study": "appraisal.study",
    "run_experiment": "experiment.run",
    "search_designs": "trial.search.run",
    "simulate_patient": "population.example_patient",
    "simulate_population": "population.simulated",
    "simulate_trial": "trial.run",
    "sweep": "trial.sweep",
}
_ROOMS = ("isncsci", "stats")

__all__ = [
    "AIS",
    "CordwiseError",
    "Design",
    "InputError",
    "ModelError",
    "Result",
    "Study",
    "appraise",
    "check_population",
    "choose_population",
    "classify",
    "compare_trials",
    "escalate",
    "explain",
    "isncsci",
    "read_design",
    "read_escalation",
    "read_experiment",
    "read_patient",
    "read_search",
    "read_study",
    "run_experiment",
    "search_designs",
    "simulate_patient",
    "simulate_population",
    "simulate_trial",
    "stats",
    "sweep",
]


def __getattr__(name: str) -> object:
    """Import a public name from its room."""
    from importlib import import_module

    if name in _ROOMS:
        return import_module(f"cordwise.{name}")
    if name not in _HOMES:
        raise AttributeError(f"cordwise has no public name {name!r}; it has {', '.join(__all__)}")
    found = getattr(import_module(f"cordwise.{_HOMES[name]}"), name)
    globals()[name] = found  # also where importing a room has put a room of the same name there
    return found


def __dir__() -> list[str]:
    """Return the public names."""
    return __all__
