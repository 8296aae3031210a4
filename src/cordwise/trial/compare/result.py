"""The result of comparing designs."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from itertools import combinations
from typing import ClassVar, Literal

from cordwise.base.assumptions import Assumption
from cordwise.base.provenance import Provenance
from cordwise.base.result import Result
from cordwise.cord.self_check import Numerics
from cordwise.trial.analyse.simulated_value import ErrorParts, known, reject_rate_of
from cordwise.trial.assumptions import assumptions
from cordwise.trial.characteristics.findings import ArmFinding, EndpointFinding, ScenarioFinding
from cordwise.trial.characteristics.sample_size import POWER, Relation
from cordwise.trial.compare.differences import DesignDifference, differences
from cordwise.trial.compare.simulate import SimulatedDesign, draws_are_shared, shared_patients
from cordwise.trial.compare.summary import DesignSummary, design_summary
from cordwise.trial.plan.plan import PlannedScenario


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedPatients:
    """How many simulated patients two designs share, `of` how many each has; and whether trials enrol the same."""

    designs: tuple[str, str]
    shared: int
    of: tuple[int, int]
    draws: Literal["the same", "their own"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmInScenario:
    """The effect in one treated arm, its estimate's bias and coverage, and what theory says; None where unknown.

    `failures` counts the trials whose analysis gave no estimate.
    """

    arm: str
    estimand_true: float | None
    estimand_bank_error: float | None
    estimand_low95: float | None
    estimand_high95: float | None
    bias: float | None
    bias_mcse: float | None
    bias_total_error: float | None
    coverage: float | None
    coverage_mcse: float | None
    coverage_total_error: float | None
    theory_reject_rate: float | None
    failures: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientsPerArm:
    """Patients that each arm takes for a power without looks; `relation` tells where only a bound is known.

    The errors and the range over parameter sets are those of `SizeForPower`.
    """

    power: float
    relation: Relation
    n_per_arm: int
    mcse: float | None
    total_error: float | None
    low95: int | None
    high95: int | None
    largest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DesignInScenario:
    """What one design does in one scenario, as a scenario of one trial has it; nothing to find: `required` is None."""

    design: str
    is_missing: Literal[False] = False
    reject_rate: float
    mcse: float
    total_error: float | None
    error: ErrorParts
    sets_low95: float | None
    sets_high95: float | None
    low95: float
    high95: float
    expected_n: float
    expected_n_mcse: float
    expected_n_total_error: float | None
    expected_duration_days: float
    expected_duration_mcse: float
    expected_duration_total_error: float | None
    arms: tuple[ArmInScenario, ...]
    required: PatientsPerArm | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingScenario:
    """A design that lacks a scenario of another."""

    design: str
    is_missing: Literal[True] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedScenario:
    """One scenario, by its name, in every design; `same_assumption` says whether all assume the same of the cells."""

    name: str
    description: str
    is_null: bool
    same_assumption: bool
    results: tuple[DesignInScenario | MissingScenario, ...]

    @property
    def found(self) -> tuple[DesignInScenario, ...]:
        """Return the results of the designs that have the scenario."""
        return tuple(each for each in self.results if isinstance(each, DesignInScenario))


@dataclass(frozen=True, kw_only=True, repr=False)
class Comparison(Result):
    """Designs side by side on the same simulated patients; differences are taken against the first."""

    kind: ClassVar[str] = "trial_comparison"

    seed: int
    replicates: int
    designs: tuple[DesignSummary, ...]
    patients: tuple[SharedPatients, ...]
    scenarios: tuple[ComparedScenario, ...]
    differences: tuple[DesignDifference, ...]
    assumptions: tuple[Assumption, ...]
    numerics: Numerics
    provenance: Provenance


def comparison_result(
    designs: Sequence[SimulatedDesign], *, replicates: int, numerics: Numerics, provenance: Provenance
) -> Comparison:
    """Return the result of a comparison; scenarios stand in the order in which the designs first name them."""
    names = dict.fromkeys(each.scenario.name for design in designs for each in design.findings.scenarios)
    return Comparison(
        seed=provenance.seed,
        replicates=replicates,
        designs=tuple(design_summary(each) for each in designs),
        patients=_shared(designs),
        scenarios=tuple(_scenario(designs, name) for name in names),
        differences=tuple(differences(designs)),
        assumptions=_assumptions(designs),
        numerics=numerics,
        provenance=provenance,
    )


def _shared(designs: Sequence[SimulatedDesign]) -> tuple[SharedPatients, ...]:
    return tuple(
        SharedPatients(
            designs=(one.label, other.label),
            shared=shared_patients(one, other),
            of=(len(set(one.ids.tolist())), len(set(other.ids.tolist()))),
            draws="the same" if draws_are_shared(one, other) else "their own",
        )
        for one, other in combinations(designs, 2)
    )


def _assumed(scenario: PlannedScenario) -> tuple[float, ...]:
    """Return what a scenario assumes of the cells, whatever it is called and whichever arm has them."""
    return (scenario.translation, scenario.onset_days, *sorted(scenario.log_odds.values()))


def _scenario(designs: Sequence[SimulatedDesign], name: str) -> ComparedScenario:
    found = [(each, each.scenario(name)) for each in designs]
    planned = [finding.scenario for _, finding in found if finding]
    return ComparedScenario(
        name=name,
        description=planned[0].description,
        is_null=planned[0].is_null,
        same_assumption=len({_assumed(each) for each in planned}) == 1,
        results=tuple(
            _in_scenario(design, finding) if finding else MissingScenario(design=design.label)
            for design, finding in found
        ),
    )


def _in_scenario(design: SimulatedDesign, finding: ScenarioFinding) -> DesignInScenario:
    reject, enrolled, day = finding.reject, finding.enrolled, finding.day
    return DesignInScenario(
        design=design.label,
        **reject_rate_of(reject),
        expected_n=enrolled.value,
        expected_n_mcse=enrolled.mcse,
        expected_n_total_error=known(enrolled.total_error),
        expected_duration_days=day.value,
        expected_duration_mcse=day.mcse,
        expected_duration_total_error=known(day.total_error),
        arms=tuple(_arm(each) for each in finding.primary.arms),
        required=_required(finding.primary),
    )


def _required(finding: EndpointFinding) -> PatientsPerArm | None:
    if finding.required is None:
        return None
    return PatientsPerArm(power=POWER, largest=int(finding.curve[-1].n_per_arm), **asdict(finding.required))


def _arm(found: ArmFinding) -> ArmInScenario:
    characteristics = found.characteristics
    return ArmInScenario(
        arm=characteristics.arm,
        estimand_true=known(characteristics.truth.value),
        estimand_bank_error=known(characteristics.truth.bank_error),
        estimand_low95=known(characteristics.truth.over_sets.sets_low95),
        estimand_high95=known(characteristics.truth.over_sets.sets_high95),
        bias=known(characteristics.bias.value),
        bias_mcse=known(characteristics.bias.mcse),
        bias_total_error=known(characteristics.bias.total_error),
        coverage=known(characteristics.coverage.value),
        coverage_mcse=known(characteristics.coverage.mcse),
        coverage_total_error=known(characteristics.coverage.total_error),
        theory_reject_rate=None if found.theory is None else known(found.theory),
        failures=characteristics.failures,
    )


def _assumptions(designs: Sequence[SimulatedDesign]) -> tuple[Assumption, ...]:
    """Return the assumptions of all designs, once where they share them, else with the design's label."""
    rows = [(each, assumptions(each.plan, each.bank)) for each in designs]
    shared = [row for row in rows[0][1] if all(row in others for _, others in rows[1:])]
    own = [
        replace(row, what=f"{each.label}: {row.what}") for each, listed in rows for row in listed if row not in shared
    ]
    unadapted = [
        Assumption(
            what=f"{each.label}: compared as planned, without its adaptation ({change.kind.replace('_', ' ')})",
            value="as stated",
            source="simplification",
        )
        for each in designs
        if (change := each.plan.adaptation)
    ]
    return (*shared, *own, *unadapted)
