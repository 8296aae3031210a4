"""An experiment in words: the answer, and the text that the command prints."""

from cordwise.base.provenance import CONTEXT_OF_USE
from cordwise.cord.parameters import Species
from cordwise.experiment.effect import PairedEffect
from cordwise.experiment.readouts import readout_rows
from cordwise.experiment.result import ConditionFindings, ExperimentResult
from cordwise.experiment.tables import table
from cordwise.experiment.targets import targets
from cordwise.present.columns import columns

_HEADINGS = ("read-out", "condition", "mean", "sd", "difference", "95% interval")
_SCORES = {Species.RODENT: "bbb", Species.HUMAN: "total_motor"}


def answer(result: ExperimentResult) -> str:
    """Return one sentence: what each condition does to the score, or to the first read-out asked for."""
    first, others = result.conditions[0], result.compared
    named = _SCORES[result.species]
    readout = named if named in first.readouts else next(iter(first.readouts))
    day = result.readout_days[-1]
    if not others:
        return f"On day {day:g}, {readout} is {first.readouts[readout].mean:.3g} in {first.name}."
    if result.has_one_comparator:
        found = "; ".join(f"{each.name} {_against_nothing(each.effect[readout])}" for each in others)
        return f"On day {day:g}, {readout} against {result.compared_with}: {found}."
    found = "; ".join(
        f"{each.name} against {result.comparator_of(each)} {_against_nothing(each.effect[readout])}" for each in others
    )
    return f"On day {day:g}, {readout}: {found}."


def _against_nothing(effect: PairedEffect) -> str:
    words = f"{effect.difference:+.3g} (95% {effect.low95:+.3g} to {effect.high95:+.3g})"
    return words if effect.low95 > 0 or effect.high95 < 0 else f"{words}, consistent with no effect"


def text(result: ExperimentResult) -> str:
    """Return the text that the command prints; a read-out that is 0 in every condition has no row."""
    units = {row["readout"]: row["unit"] for row in readout_rows(result.species)}
    rows = [
        _row(name, units[name], condition, result)
        for name in result.conditions[0].readouts
        if any(condition.readouts[name].mean for condition in result.conditions)
        for condition in result.conditions
    ]
    about = (
        f"{result.subjects} simulated subjects a condition, the same in each; repeated with {result.worlds} sets of "
        f"rates; seed {result.seed}; day {result.readout_days[-1]:g}."
    )
    headings = _HEADINGS if result.has_one_comparator else (*_HEADINGS, "against")
    listed = columns([headings, *rows])
    return "\n".join(
        (result.question, "", answer(result), "", *listed, "", about, result.numerics.words, CONTEXT_OF_USE)
    )


def _row(name: str, unit: str, condition: ConditionFindings, result: ExperimentResult) -> tuple[str, ...]:
    readout, effect = condition.readouts[name], condition.effect[name]
    first, comparator = condition is result.conditions[0], result.comparator_of(condition)
    labelled = (f"{name} ({unit})" if unit != "-" else name) if first else ""
    values = (labelled, condition.name, f"{readout.mean:.4g}", f"{readout.sd:.2g}")
    against = () if result.has_one_comparator else (comparator,)
    if condition.name == comparator:
        return (*values, "", "", *("" for _ in against))
    return (*values, f"{effect.difference:+.3g}", f"{effect.low95:+.3g} to {effect.high95:+.3g}", *against)


def targets_text() -> str:
    """Return the table of everything a change may act on."""
    rows = [
        (target.name, target.kind, target.unit, ", ".join(target.aliases), target.meaning)
        for target in targets()
        if target.kind != "refused"
    ]
    return "\n".join(columns([("target", "kind", "unit", "also", "meaning"), *rows]))


def readouts_text() -> str:
    """Return the table of everything that can be read out."""
    rows = [
        (row["readout"], row["species"], row["unit"], row["aliases"].replace(";", ", "), row["meaning"])
        for row in table("readouts")
    ]
    return "\n".join(columns([("read-out", "species", "unit", "also", "meaning"), *rows]))
