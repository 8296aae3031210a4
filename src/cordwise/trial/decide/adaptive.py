"""Trials that change after their first look: grow, drop arms, or narrow their entry, with the type I error held.

Each stage is analysed from its own patients, and the stages are combined with weights set in advance.  Rejections are
one-sided at half of the primary endpoint's alpha.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float
from numpy import ndarray
from scipy.special import ndtri

from cordwise.bank.bank import PatientBank
from cordwise.base.batches import joined, of_rows
from cordwise.base.randomness import Streams
from cordwise.isncsci import AIS
from cordwise.stats.adaptive import (
    DroppingRule,
    EnrichmentRule,
    PromisingZone,
    Stage,
    choose_population,
    dropped_arms_test,
    enrichment_test,
    inverse_normal,
    keep_arms,
    promising_zone_total,
)
from cordwise.stats.adaptive.enrichment import Choice
from cordwise.stats.nested_means import Nesting, nested_mean, nested_rate
from cordwise.trial.analyse.simulate import Prepared, estimates_at
from cordwise.trial.analyse.simulated_value import known
from cordwise.trial.decide.stopping import z_of
from cordwise.trial.design.stopping import Adaptation
from cordwise.trial.enrol.enrolment import Enrolled, enrol, enrol_rows
from cordwise.trial.enrol.sets import REPLICATES_PER_BLOCK, narrowed, nesting_of, people_of
from cordwise.trial.observe.assemble import trials_of
from cordwise.trial.observe.potential_outcomes import PotentialOutcomes
from cordwise.trial.plan.plan import PlannedScenario, TrialPlan

_NAME = "enrolment/adaptive"


@dataclass(frozen=True, slots=True)
class Adapted:
    """How the replicates of a block end: rejections, patients enrolled, and whether the trial changed."""

    rejects: Bool[ndarray, "replicate hypothesis"]
    patients: Float[ndarray, " replicate"]
    changed: Bool[ndarray, " replicate"]


@dataclass(frozen=True, slots=True)
class _Setting:
    """What every kind of change needs of one scenario."""

    plan: TrialPlan
    bank: PatientBank
    streams: Streams
    potential_outcomes: PotentialOutcomes  # of the primary endpoint
    change: Adaptation

    @property
    def critical(self) -> float:
        return float(-ndtri(self.plan.primary.alpha / 2))

    @property
    def weights(self) -> tuple[float, float]:
        first = self.change.at_patients
        return float(first), float(self.plan.total - first)

    def z(
        self, enrolled: Enrolled, masks: Iterable[ndarray], *, arm: int = 1, among: ndarray | None = None
    ) -> Float[ndarray, "replicate mask"]:
        """Return z where each mask sees some of the patients, of some rows of the bank."""
        trials = trials_of(self.plan, self.potential_outcomes, enrolled, arm)
        chosen = [mask if among is None else mask & among[enrolled.row] for mask in masks]
        return z_of(estimates_at(trials, self.potential_outcomes.endpoint, chosen, self.streams, (arm,)))


@dataclass(frozen=True, slots=True, kw_only=True)
class AdaptedScenario:
    """How the changing trial behaves in one scenario.

    Attributes
    ----------
    name, is_null
        The scenario.
    reject_rate, mcse, total_error, low95, high95
        How often any hypothesis is rejected, with its errors and its interval as a scenario's reject rate has them.
    by_hypothesis
        How often each is: all patients and the subgroup, each treated arm, or the one there is.
    expected_n, expected_n_mcse, expected_n_total_error
        Patients enrolled, on average.
    changed, changed_mcse, changed_total_error
        The share of trials that change.
    """

    name: str
    is_null: bool
    reject_rate: float
    mcse: float
    total_error: float | None
    low95: float
    high95: float
    by_hypothesis: tuple[float, ...]
    expected_n: float
    expected_n_mcse: float
    expected_n_total_error: float | None
    changed: float
    changed_mcse: float
    changed_total_error: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdaptationFinding:
    """What a change on the way does to the trial; the level is one-sided, of the whole trial."""

    kind: str
    alpha_one_sided: float
    scenarios: tuple[AdaptedScenario, ...]


def run_adaptive(prepared: Prepared, change: Adaptation, *, replicates: int) -> AdaptationFinding:
    """Return how often the changing trial rejects in each scenario, how large it grows and how often it changes."""
    plan = prepared.plan
    nesting = nesting_of(prepared.bank, prepared.streams, range(replicates))
    rows = []
    for scenario, outcomes in zip(plan.scenarios, prepared.potential_outcomes, strict=True):
        expected = next(each for each in outcomes if each.endpoint.is_primary)
        setting = _Setting(plan, prepared.bank, prepared.streams, expected, change)
        rows.append(_scenario(setting, scenario, nesting))
    return AdaptationFinding(kind=change.kind, alpha_one_sided=plan.primary.alpha / 2, scenarios=tuple(rows))


def _scenario(setting: _Setting, scenario: PlannedScenario, nesting: Nesting) -> AdaptedScenario:
    kind = _KINDS[setting.change.kind]
    blocks = [kind(setting, block) for block in range(-(-len(nesting) // REPLICATES_PER_BLOCK))]
    ends = of_rows(joined(blocks), slice(len(nesting)))
    found, changed = nested_rate(np.any(ends.rejects, axis=1), nesting), nested_rate(ends.changed, nesting)
    patients = nested_mean(ends.patients, nesting)
    return AdaptedScenario(
        name=scenario.name,
        is_null=scenario.is_null,
        reject_rate=found.value,
        mcse=found.mcse,
        total_error=known(found.total_error),
        low95=found.interval95[0],
        high95=found.interval95[1],
        by_hypothesis=tuple(nested_rate(column, nesting).value for column in ends.rejects.T),
        expected_n=patients.value,
        expected_n_mcse=patients.mcse,
        expected_n_total_error=known(patients.total_error),
        changed=changed.value,
        changed_mcse=changed.mcse,
        changed_total_error=known(changed.total_error),
    )


def _sample_size(setting: _Setting, block: int) -> Adapted:
    change, plan = setting.change, setting.plan
    largest = change.most_patients or plan.total
    enrolled = enrol(plan, setting.bank, setting.streams, name=_NAME, block=block, size=largest)
    place = np.arange(largest)
    first = setting.z(enrolled, [place < change.at_patients])[:, 0]
    zone = PromisingZone(plan.total, largest, *change.promising)
    total = promising_zone_total(first, change.at_patients, zone, critical=setting.critical)
    second = setting.z(enrolled, [(place >= change.at_patients) & (place < total[:, None])])[:, 0]
    combined = inverse_normal(np.stack([first, second], axis=1), setting.weights)[:, -1]
    return Adapted((combined >= setting.critical)[:, None], total.astype(float), total > plan.total)


def _drop_arms(setting: _Setting, block: int) -> Adapted:
    change, plan = setting.change, setting.plan
    enrolled = enrol(plan, setting.bank, setting.streams, name=_NAME, block=block, size=plan.total)
    place, arms = np.arange(plan.total), range(1, len(plan.treatments) + 1)
    masks = [place < change.at_patients, place >= change.at_patients]
    z = np.stack([setting.z(enrolled, masks, arm=arm) for arm in arms], axis=2)
    kept = keep_arms(z[:, 0], DroppingRule(change.keep_above)) | keep_arms(z[:, 0], DroppingRule(most=1))
    shares = np.asarray(plan.ratio) / sum(plan.ratio)
    stages = [Stage(z[:, at], tuple(shares * size)) for at, size in enumerate(setting.weights)]
    p = dropped_arms_test(stages[0], stages[1], kept, setting.weights)
    spared = ((enrolled.arm[:, change.at_patients :, None] == np.arange(1, len(plan.ratio))) & ~kept[:, None]).sum(
        (1, 2)
    )
    return Adapted(p <= plan.primary.alpha / 2, (plan.total - spared).astype(float), ~kept.all(axis=1))


def _enrichment(setting: _Setting, block: int) -> Adapted:
    change, plan, bank = setting.change, setting.plan, setting.bank
    among = np.isin(bank.baseline_ais, [int(AIS[grade]) for grade in change.grades])
    enrolled = enrol(plan, bank, setting.streams, name=_NAME, block=block, size=plan.total)
    later = plan.total - change.at_patients
    still_to_come = people_of(bank, setting.streams, name=_NAME, block=block)[:, change.at_patients :]
    members = narrowed(still_to_come, among, later)
    alone = enrol_rows(plan, bank, setting.streams, members, name=f"{_NAME}/narrowed", block=block)
    place = np.arange(plan.total)
    masks = [place < change.at_patients, place >= change.at_patients]
    both = np.stack([setting.z(enrolled, masks), setting.z(enrolled, masks, among=among)], axis=2)
    rule = EnrichmentRule("z", full=change.keep_above, subgroup=change.keep_above)
    information = change.at_patients / plan.total
    choice = choose_population(both[:, 0], rule, information=information, critical=setting.critical)
    is_narrow = choice == Choice.SUBGROUP
    second = np.where(is_narrow[:, None], setting.z(alone, [np.ones(later, dtype=np.bool_)] * 2), both[:, 1])
    p = enrichment_test(both[:, 0], second, choice, setting.weights)
    patients = np.where(choice == Choice.STOP, change.at_patients, plan.total).astype(float)
    return Adapted(p <= plan.primary.alpha / 2, patients, is_narrow)


_KINDS: Mapping[str, Callable[[_Setting, int], Adapted]] = {
    "sample_size": _sample_size,
    "drop_arms": _drop_arms,
    "enrichment": _enrichment,
}
