"""A dose-finding trial from its file to the result, in one call."""

from pathlib import Path

from cordwise.base.errors import Fault, InputError, ModelError
from cordwise.base.memory import BYTES, require_memory
from cordwise.base.progress import progress
from cordwise.base.provenance import Provenance
from cordwise.base.randomness import Streams, resolve_seed
from cordwise.base.threads import use_threads
from cordwise.stats.dose_finding.rule_based import COHORT, ThreePlusThree, three_plus_three
from cordwise.stats.dose_finding.simulate import simulate_escalation
from cordwise.trial.escalation.characteristics import EscalationCharacteristics, characteristics
from cordwise.trial.escalation.file import read_escalation
from cordwise.trial.escalation.plan import EscalationTruth, plan_escalation, rules, truths
from cordwise.trial.escalation.result import Escalation, escalation_result
from cordwise.trial.escalation.spec import EscalationSpec

_MOST_ERRORS = 5.0  # Monte Carlo errors by which a simulated share may leave the exact one before the run is refused


def escalate(
    trial: EscalationSpec | str | Path,
    *,
    replicates: int = 2000,
    seed: int | None = None,
    workers: int | None = None,
    quiet: bool = True,
) -> Escalation:
    """Simulate every dose-escalation design of a trial under every toxicity that it assumes.

    Parameters
    ----------
    trial
        A trial that `read_escalation` returned, the path of its file, or the name of a shipped example.
    replicates
        Simulated trials of each design in each scenario.
    seed
        Decides arrivals and toxicities; drawn, and stored in the result, when not given.
    workers
        Threads, every core when not given; the result does not depend on them.
    quiet
        Show no progress.

    Raises
    ------
    InputError
        A faulty file, fewer than two replicates, or more than this machine can hold.
    ModelError
        A simulated 3+3 design that does not agree with its exact characteristics.
    """
    spec = trial if isinstance(trial, EscalationSpec) else read_escalation(trial)
    if replicates < 2:
        expected = "2 or more, so that rates have an error"
        raise InputError([Fault("replicates", expected, str(replicates), is_argument=True)])
    require_memory("replicates", replicates, BYTES["endpoint of a trial"])
    use_threads(workers)
    seed = resolve_seed(seed)
    plan, streams = plan_escalation(spec), Streams(seed)
    found: dict[str, list[EscalationCharacteristics]] = {}
    with progress("trials", len(spec.designs) * len(spec.scenarios), quiet=quiet) as advance:
        for name, rule in rules(spec).items():
            found[name] = []
            for truth in truths(spec):
                trials = simulate_escalation(rule, truth.rates, plan, streams, replicates=replicates)
                exact = _exact(spec, truth) if isinstance(rule, ThreePlusThree) else None
                found[name].append(characteristics(trials, truth, target=spec.toxicity.target, exact=exact))
                _require_agreement(name, found[name][-1], replicates)
                advance(1)
    provenance = Provenance.of("trial escalate", seed, spec.origin, replicates=replicates)
    return escalation_result(spec, found, replicates=replicates, provenance=provenance)


def _exact(spec: EscalationSpec, truth: EscalationTruth) -> tuple[float, ...] | None:
    """Return the exact chances of selection by 3+3, where the trial is large enough never to be cut short."""
    ahead = len(spec.doses) - spec.size.start_dose + 1
    if spec.size.start_dose != 1 or spec.size.patients < 2 * COHORT * ahead:
        return None
    return three_plus_three(truth.rates.tolist()).selected


def _require_agreement(name: str, found: EscalationCharacteristics, replicates: int) -> None:
    """Refuse shares of selection that lie too far from the exact chances, where these are known."""
    if found.selected_exact is None:
        return
    for simulated, chance in zip(found.selected, found.selected_exact, strict=True):
        error = (chance * (1 - chance) / replicates) ** 0.5 + 1 / replicates
        if abs(simulated - chance) > _MOST_ERRORS * error:
            raise ModelError(
                f"{name}, {found.name}: the simulated share {simulated:.4f} of a dose is more than {_MOST_ERRORS:g} "
                f"Monte Carlo errors from the exact {chance:.4f}."
            )
