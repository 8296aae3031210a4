"""What an appraisal holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any, ClassVar, TypeVar

import numpy as np

from cordwise.appraisal.bias import TippingPoints
from cordwise.appraisal.translation import Translation
from cordwise.appraisal.verdict import Verdict
from cordwise.base.assumptions import Assumption
from cordwise.base.codec import OMIT_FALSE, OMIT_NONE
from cordwise.base.provenance import Provenance
from cordwise.base.result import Result
from cordwise.cord.self_check import Numerics
from cordwise.evidence import Citation
from cordwise.patient.file_types import Grade
from cordwise.patient.life.result import PatientLife
from cordwise.population.case_mix.match import CaseMixMatch
from cordwise.population.intervals import Parts

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class AppraisedStudy:
    """What was done and published; days count from the injury.

    `confirmed` says whether two examinations had to agree on a grade; `sources` are those of the evidence base.
    """

    name: str
    product: str
    route: str
    dose_cells: tuple[float, float]
    dose_day: tuple[float, float]
    baseline_day: tuple[float, float]
    followup_day: float
    levels: str
    improved_grades: int
    confirmed: bool = field(default=False, metadata=OMIT_FALSE)
    controlled: bool
    blinded: bool
    sources: tuple[Citation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeAppraisal:
    """The people of one baseline grade of an arm.

    Attributes
    ----------
    grade, n
        AIS grade, and how many entered with it.
    observed_improved
        How many improved, where it was published.
    probability, low95, high95
        Chance of one of them to improve without cells, with the interval of the parameters.
    expected
        How many are expected to improve.
    """

    grade: Grade
    n: int
    observed_improved: int | None
    probability: float
    low95: float
    high95: float
    expected: float


@dataclass(frozen=True, slots=True, kw_only=True)
class UnweightedExpectation:
    """What was expected of an arm before the simulated patients were weighed to its case mix."""

    expected_improved: float
    low95: float
    high95: float
    p_at_least: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmAppraisal:
    """One arm: how many improved, how many would have without cells, and what that leaves of the claim.

    Attributes
    ----------
    name, n, observed_improved
        The arm, how many entered, how many improved.
    expected_improved, low95, high95
        Number expected to improve without cells, with the 95 % interval of parameters, registry and structure.
    parts
        What makes the number that one such group shows uncertain, as SDs in people: chance, parameters, registry,
        structure.
    without_case_mix
        The same before weighing to the case mix, where there is one.
    p_at_least, p_at_most, p_at_least_high95
        Probability of the observed number or more; of that number or fewer; the first under the parameter sets most
        favourable to natural recovery (97.5 % point).
    predictive_low95, predictive_high95
        Central 95 % of the number that one such group would show.
    by_grade
        The people of each baseline grade.
    distribution
        Probability of each number improved from 0 to n, chance and parameters together.
    verdict, verdict_words
        How the number stands to natural recovery, and the sentence that explains it.
    """

    name: str
    n: int
    observed_improved: int
    expected_improved: float
    low95: float
    high95: float
    parts: Parts | None = field(default=None, metadata=OMIT_NONE)
    without_case_mix: UnweightedExpectation | None = field(default=None, metadata=OMIT_NONE)
    p_at_least: float
    p_at_most: float
    p_at_least_high95: float
    predictive_low95: int
    predictive_high95: int
    by_grade: tuple[GradeAppraisal, ...]
    distribution: tuple[float, ...]
    verdict: Verdict
    verdict_words: str


@dataclass(frozen=True, slots=True)
class RecoveryCourse:
    """Share of one baseline grade that has improved without cells by each day, with its 95 % interval."""

    grade: Grade
    share: tuple[float, ...]
    low95: tuple[float, ...]
    high95: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class ObservedShare:
    """Share of one baseline grade that the study saw improve."""

    grade: Grade
    day: float
    share: float
    n: int
    improved: int


@dataclass(frozen=True, slots=True)
class RecoveryTimeline:
    """Improvement without cells over the days after injury, by grade, beside what was seen in the first arm."""

    days: tuple[float, ...]
    series: tuple[RecoveryCourse, ...]
    observed: tuple[ObservedShare, ...]


@dataclass(frozen=True, slots=True)
class BaselineDayPoint:
    """Number of the first arm expected to improve without cells, had the baseline been on this day."""

    day: float
    expected: float
    low95: float
    high95: float


@dataclass(frozen=True, kw_only=True, repr=False)
class Appraisal(Result):
    """A published result against what would have happened anyway.

    Attributes
    ----------
    question
        As the study file words it.
    verdict, verdict_words
        Those of the first arm, which `timeline`, `baseline_day_curve`, `bias` and `translation` are about too.
    study, arms
        What was published, and each arm beside what natural recovery gives.
    registry
        Whose natural recovery is expected; results of the first version are those of EMSCI.
    timeline, baseline_day_curve
        Improvement without cells over time, and what another day of baseline would have changed.
    bias
        How large misgrading or selection would have to be to explain the number.
    translation
        What the number says about the share of the rodent effect that carries over.
    numerics
        How exactly the tissue was solved.
    patient
        One simulated patient of the study's kind, with the study's cells and without; None until one is simulated.
    assumptions
        What all of it rests on.
    case_mix
        How well the simulated patients meet the study's table of baseline findings, where there is one.
    provenance
        Where the result comes from.
    """

    kind: ClassVar[str] = "appraisal"

    question: str
    verdict: Verdict
    verdict_words: str
    study: AppraisedStudy
    arms: tuple[ArmAppraisal, ...]
    registry: str = "EMSCI"
    timeline: RecoveryTimeline
    baseline_day_curve: tuple[BaselineDayPoint, ...]
    bias: TippingPoints
    translation: Translation
    numerics: Numerics
    patient: PatientLife | None = None
    assumptions: tuple[Assumption, ...]
    case_mix: CaseMixMatch | None = field(default=None, metadata=OMIT_NONE)
    provenance: Provenance


def to_eight_digits(value: Value) -> Value:
    """Return a value whose numbers have eight significant digits: a last bit of arithmetic is not a difference."""
    return _shortened(value)


def _shortened(value: Any) -> Any:  # noqa: ANN401 - any part of a result
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{each.name: _shortened(getattr(value, each.name)) for each in fields(value)})
    if isinstance(value, Mapping):
        return {key: _shortened(each) for key, each in value.items()}
    if isinstance(value, tuple):
        return tuple(_shortened(each) for each in value)
    return float(f"{value:.8g}") if isinstance(value, float | np.floating) else value
