"""The result of simulating a dose-finding trial."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from cordwise.base.assumptions import Assumption
from cordwise.base.provenance import Provenance
from cordwise.base.result import Result
from cordwise.stats.dose_finding.boin import decision_table
from cordwise.trial.escalation.assumptions import assumptions
from cordwise.trial.escalation.characteristics import EscalationCharacteristics
from cordwise.trial.escalation.plan import crm_model
from cordwise.trial.escalation.spec import EscalationSpec


@dataclass(frozen=True, slots=True)
class SimulatedEscalation:
    """One design and what it does in each scenario."""

    name: str
    method: str
    scenarios: tuple[EscalationCharacteristics, ...]


@dataclass(frozen=True, slots=True)
class DoseDecisions:
    """The table an investigator reads at each decision: toxicities that move the dose, by patients treated at it.

    None where no number of toxicities closes the dose.
    """

    design: str
    patients: tuple[int, ...]
    escalate_at_most: tuple[int, ...]
    deescalate_at_least: tuple[int, ...]
    close_at_least: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class DoseSkeleton:
    """The toxicity rates that a model assumes before the first patient."""

    design: str
    model: str
    rates: tuple[float, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class Escalation(Result):
    """Dose-escalation designs simulated under every toxicity that their file assumes; doses are counted from 1."""

    kind: ClassVar[str] = "escalation"

    question: str
    design: EscalationSpec
    replicates: int
    seed: int
    designs: tuple[SimulatedEscalation, ...]
    decision_tables: tuple[DoseDecisions, ...]
    skeletons: tuple[DoseSkeleton, ...]
    assumptions: tuple[Assumption, ...]
    provenance: Provenance


def escalation_result(
    spec: EscalationSpec,
    found: Mapping[str, Sequence[EscalationCharacteristics]],
    *,
    replicates: int,
    provenance: Provenance,
) -> Escalation:
    """Return the result; `found` has the characteristics of each design, by its name, scenario by scenario."""
    return Escalation(
        question=spec.question,
        design=spec,
        replicates=replicates,
        seed=provenance.seed,
        designs=tuple(SimulatedEscalation(each.name, each.method, tuple(found[each.name])) for each in spec.designs),
        decision_tables=_decision_tables(spec),
        skeletons=tuple(
            DoseSkeleton(design.name, model.response, model.skeleton)
            for design in spec.designs
            if design.method in ("crm", "tite_crm")
            for model in (crm_model(design, spec),)
        ),
        assumptions=assumptions(spec),
        provenance=provenance,
    )


def _decision_tables(spec: EscalationSpec) -> tuple[DoseDecisions, ...]:
    counts = tuple(range(spec.size.cohort, spec.size.patients + 1, spec.size.cohort))
    table = decision_table(spec.toxicity.target, counts)
    return tuple(
        DoseDecisions(
            design.name, table.patients, table.escalate_at_most, table.deescalate_at_least, table.close_at_least
        )
        for design in spec.designs
        if design.method == "boin"
    )
