"""An escalation file from the simulated patients to the result, in one call."""

from typing import Any

from cordwise.base.errors import Fault, InputError, ModelError
from cordwise.base.progress import progress
from cordwise.base.randomness import Streams
from cordwise.stats.dose_finding.rule_based import COHORT, ThreePlusThree, three_plus_three
from cordwise.stats.dose_finding.simulate import simulate_escalation
from cordwise.trial.escalation.characteristics import EscalationCharacteristics, characteristics
from cordwise.trial.escalation.file import EscalationFile
from cordwise.trial.escalation.plan import EscalationTruth, plan_escalation, rules, truths
from cordwise.trial.escalation.result import DesignFinding, escalation_json

_MOST_ERRORS = 5.0  # Monte Carlo errors by which a simulated share may leave the exact one before the run is refused


def run_escalation(file: EscalationFile, *, seed: int, replicates: int, quiet: bool = False) -> dict[str, Any]:
    """Simulate every design of a file under every scenario and return the result as plain JSON values.

    Raises
    ------
    InputError
        Fewer than two replicates.
    ModelError
        A simulated 3+3 design that does not agree with its exact characteristics.
    """
    if replicates < 2:
        raise InputError([Fault("--replicates", "2 or more, so that rates have an error", str(replicates))])
    plan, streams, findings = plan_escalation(file), Streams(seed), []
    with progress("trials", len(file.designs) * len(file.scenarios), quiet=quiet) as advance:
        for name, rule in rules(file).items():
            for truth in truths(file):
                trials = simulate_escalation(rule, truth.rates, plan, streams, replicates=replicates)
                found = characteristics(trials, truth, target=file.toxicity.target)
                exact = _exact(file, truth) if isinstance(rule, ThreePlusThree) else None
                if exact is not None:
                    _require_agreement(name, truth, found, exact, replicates)
                findings.append(DesignFinding(name, truth, found, exact))
                advance(1)
    return escalation_json(file, findings, seed=seed, replicates=replicates)


def _exact(file: EscalationFile, truth: EscalationTruth) -> tuple[float, ...] | None:
    """Return the exact chances of selection by 3+3, where the trial is large enough never to be cut short."""
    ahead = len(file.doses) - file.size.start_dose + 1
    if file.size.start_dose != 1 or file.size.patients < 2 * COHORT * ahead:
        return None
    return three_plus_three(truth.rates.tolist()).selected


def _require_agreement(
    name: str, truth: EscalationTruth, found: EscalationCharacteristics, exact: tuple[float, ...], replicates: int
) -> None:
    for simulated, chance in zip(found.selected, exact, strict=True):
        error = (chance * (1 - chance) / replicates) ** 0.5 + 1 / replicates
        if abs(simulated - chance) > _MOST_ERRORS * error:
            raise ModelError(
                f"{name}, {truth.name}: the simulated share {simulated:.4f} of a dose is more than {_MOST_ERRORS:g} "
                f"Monte Carlo errors from the exact {chance:.4f}."
            )
