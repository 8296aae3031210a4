"""The designs of a comparison simulated, each on its bank, all in the same parameter sets."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Int
from numpy import ndarray

from cordwise.bank.bank import PatientBank, build_bank
from cordwise.base.errors import Fault, InputError
from cordwise.base.progress import Advance
from cordwise.base.randomness import Streams
from cordwise.population.posterior import Posterior
from cordwise.trial.analyse.simulate import prepare, simulate_replicates
from cordwise.trial.characteristics.findings import ScenarioFinding, TrialFindings, find
from cordwise.trial.characteristics.sample_size import sample_size_curves
from cordwise.trial.compare.designs import ComparedDesign
from cordwise.trial.observe.counterfactuals import BankRequest, scenario_counterfactuals, shared_requests
from cordwise.trial.plan.plan import TrialPlan


@dataclass(frozen=True, slots=True)
class SimulatedDesign:
    """A design simulated: what was found, with its bank."""

    label: str
    plan: TrialPlan
    findings: TrialFindings

    @property
    def bank(self) -> PatientBank:
        """Return the people from whom its trials draw."""
        return self.findings.bank

    @property
    def ids(self) -> Int[ndarray, " patient"]:
        """Return the numbers of those people."""
        return self.bank.ids

    def scenario(self, name: str) -> ScenarioFinding | None:
        """Return what was found in the scenario of that name; None where the design lacks it."""
        return next((each for each in self.findings.scenarios if each.scenario.name == name), None)


def shared_banks(
    designs: Sequence[ComparedDesign],
    posteriors: Sequence[Posterior],
    streams: Streams,
    *,
    sets: int | None = None,
    on_progress: Advance = lambda _: None,
) -> list[PatientBank]:
    """Return each design's bank; designs that ask for the same people in the same scenarios share one.

    `posteriors` holds the parameter sets of each design.

    All banks keep the parameter sets that each of them has, so that a replicate happens in the same set in all designs:
    a case mix leaves out sets that cannot be weighed to it.
    """
    made: list[tuple[BankRequest, Posterior, PatientBank]] = []
    banks = []
    requests = shared_requests([each.plan for each in designs], sets=sets)
    for each, posterior, request in zip(designs, posteriors, requests, strict=True):
        bank = next((bank for known, its, bank in made if known == request and its is posterior), None)
        if bank is None:
            counterfactuals = scenario_counterfactuals(each.plan, streams, on_progress=on_progress)
            bank = build_bank(request[0], posterior, streams, counterfactuals=counterfactuals)
            made.append((request, posterior, bank))
        on_progress(1)
        banks.append(bank)
    common = set.intersection(*(set(bank.set_numbers) for bank in banks))
    if not common:
        found = "none: the case mixes of the designs leave out different ones"
        raise InputError([Fault("case mix", "a parameter set that can be weighed to the table of every design", found)])
    of_common = {id(bank): bank.of_sets(common) for bank in banks}  # designs go on sharing one
    return [of_common[id(bank)] for bank in banks]


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
    curves = sample_size_curves(prepared, replicates=replicates, workers=workers)
    return SimulatedDesign(design.label, design.plan, find(trials, bank, curves))


def shared_patients(one: SimulatedDesign, other: SimulatedDesign) -> int:
    """Return how many of the simulated patients stand in both banks; a patient drawn more than once counts once."""
    return len(np.intersect1d(one.ids, other.ids))


def draws_are_shared(one: SimulatedDesign, other: SimulatedDesign) -> bool:
    """Return whether replicate r of both designs enrols the same patients in the same order."""
    return one.plan.total == other.plan.total and np.array_equal(one.ids, other.ids)
