"""The designs of a comparison simulated, each on its bank, all from the same stream of candidates."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Int
from numpy import ndarray

from cordwise.bank.bank import BankSpec, PatientBank, build_bank
from cordwise.base.progress import Advance
from cordwise.base.randomness import Streams
from cordwise.population.posterior import load_posterior
from cordwise.trial.analyse.simulate import prepare, simulate_replicates
from cordwise.trial.characteristics.findings import ScenarioFinding, TrialFindings, find
from cordwise.trial.characteristics.sample_size import sample_size_curves
from cordwise.trial.compare.designs import ComparedDesign
from cordwise.trial.observe.counterfactuals import bank_spec, scenario_counterfactuals
from cordwise.trial.plan.plan import PlannedScenario, Treatment, TrialPlan

_Request = tuple[BankSpec, tuple[tuple[PlannedScenario, Treatment], ...]]


@dataclass(frozen=True, slots=True)
class SimulatedDesign:
    """A design simulated: what was found, and the numbers of the patients in its bank."""

    label: str
    plan: TrialPlan
    findings: TrialFindings
    ids: Int[ndarray, " patient"]

    def scenario(self, name: str) -> ScenarioFinding | None:
        """Return what was found in the scenario of that name; None where the design lacks it."""
        return next((each for each in self.findings.scenarios if each.scenario.name == name), None)


def shared_banks(
    designs: Sequence[ComparedDesign], streams: Streams, *, patients: int, on_progress: Advance = lambda _: None
) -> list[PatientBank]:
    """Return each design's bank; designs that ask for the same patients in the same scenarios share one."""
    made: list[tuple[_Request, PatientBank]] = []
    banks = []
    for each in designs:
        spec = bank_spec(each.plan, patients=patients)
        request: _Request = (spec, tuple((s, t) for s in each.plan.scenarios for t in each.plan.treatments))
        bank = next((bank for known, bank in made if known == request), None)
        if bank is None:
            counterfactuals = scenario_counterfactuals(each.plan, streams, on_progress=on_progress)
            bank = build_bank(spec, load_posterior(), streams, counterfactuals=counterfactuals)
            made.append((request, bank))
        on_progress(1)
        banks.append(bank)
    return banks


def simulate_design(
    design: ComparedDesign,
    bank: PatientBank,
    streams: Streams,
    *,
    replicates: int,
    workers: int = 1,
    on_progress: Advance = lambda _: None,
) -> SimulatedDesign:
    """Simulate one design of a comparison on its bank; `on_progress` hears of replicates."""
    prepared = prepare(design.plan, bank, streams)
    trials = simulate_replicates(prepared, replicates=replicates, workers=workers, on_progress=on_progress)
    curves = sample_size_curves(prepared, replicates=replicates)
    return SimulatedDesign(design.label, design.plan, find(trials, bank, curves), bank.ids)


def shared_patients(one: SimulatedDesign, other: SimulatedDesign) -> int:
    """Return how many of the simulated patients stand in both banks; a patient drawn more than once counts once."""
    return len(np.intersect1d(one.ids, other.ids))


def draws_are_shared(one: SimulatedDesign, other: SimulatedDesign) -> bool:
    """Return whether replicate r of both designs enrols the same patients in the same order."""
    return one.plan.total == other.plan.total and np.array_equal(one.ids, other.ids)
