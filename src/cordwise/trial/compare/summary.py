"""What one design of a comparison says, in words and figures."""

from dataclasses import dataclass

from cordwise.trial.compare.simulate import SimulatedDesign
from cordwise.trial.plan.plan import Treatment


@dataclass(frozen=True, slots=True, kw_only=True)
class DesignSummary:
    """What one design says: its primary endpoint, who enters, what the treated get, its size and its looks."""

    label: str
    name: str
    question: str
    endpoint: str
    measure: str
    unit: str
    analysis: str
    scale: str
    alpha: float
    sides: int
    grades: tuple[str, ...]
    levels: str
    baseline_day: tuple[float, float]
    endpoint_day: float
    treatments: tuple[str, ...]
    total: int
    looks: int
    adapts: bool
    parameter_sets: int
    people_per_group: int


def design_summary(design: SimulatedDesign) -> DesignSummary:
    """Return what a design says, with the size of its bank."""
    plan, primary = design.plan, design.plan.primary
    return DesignSummary(
        label=design.label,
        name=plan.design.name,
        question=plan.design.question,
        endpoint=primary.name,
        measure=primary.measure,
        unit=primary.kind.unit,
        analysis=primary.method.name,
        scale=primary.method.scale,
        alpha=primary.alpha / 2 if plan.has_looks else primary.alpha,
        sides=1 if plan.has_looks else 2,
        grades=plan.design.population.grades,
        levels=plan.design.population.levels,
        baseline_day=plan.baseline_day,
        endpoint_day=primary.day,
        treatments=tuple(_in_words(each) for each in plan.treatments),
        total=plan.total,
        looks=len(plan.looks) if plan.has_looks else 0,
        adapts=plan.adaptation is not None,
        parameter_sets=design.bank.sets,
        people_per_group=design.bank.people,
    )


def _in_words(treatment: Treatment) -> str:
    product = treatment.product.replace("_", " ").replace("msc", "MSC")
    when = f"grown from marrow drawn on day {treatment.day:g}" if treatment.process else f"on day {treatment.day:g}"
    return f"{product}, {treatment.route}, {_cells(treatment.dose_cells)} cells, {when}"


def _cells(count: float) -> str:
    """Return a number of cells as design files write it, such as 1.5e8."""
    mantissa, power = f"{count:e}".split("e")
    return f"{float(mantissa):g}e{int(power)}"
