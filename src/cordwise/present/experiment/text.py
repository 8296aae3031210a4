"""An experiment in words: the answer, and the text that the command prints."""

from cordwise.base.provenance import CONTEXT_OF_USE
from cordwise.experiment.readouts import readout_rows
from cordwise.experiment.result import ConditionFindings, ExperimentResult
from cordwise.experiment.tables import table
from cordwise.experiment.targets import targets
from cordwise.present.columns import columns
from cordwise.present.experiment.main_readouts import headlines, is_nothing, others_in_words, shown_readouts

_HEADINGS = ("read-out", "condition", "mean", "sd", "difference", "95% interval")


def answer(result: ExperimentResult) -> str:
    """Return what each condition does to the read-outs that answer the question, a sentence for each."""
    return " ".join(answer_lines(result))


def answer_lines(result: ExperimentResult) -> tuple[str, ...]:
    """Return the answer, a line for each of at most three read-outs."""
    return tuple(_answer(result, readout) for readout in headlines(result))


def _answer(result: ExperimentResult, readout: str) -> str:
    """Return one sentence: what each condition does to one read-out."""
    first, others = result.conditions[0], result.compared
    day, called = result.readout_days[-1], _called(readout, result)
    if not others:
        return f"On day {day:g}, {called} is {first.readouts[readout].mean:.3g} in {first.name}."
    if result.has_one_comparator:
        found = "; ".join(f"{each.name} {_against_nothing(each, readout)}" for each in others)
        return f"On day {day:g}, {called} against {result.compared_with}: {found}."
    found = "; ".join(
        f"{each.name} against {result.comparator_of(each)} {_against_nothing(each, readout)}" for each in others
    )
    return f"On day {day:g}, {called}: {found}."


def _called(readout: str, result: ExperimentResult) -> str:
    unit = next(row["unit"] for row in readout_rows(result.species) if row["readout"] == readout)
    return f"{readout} ({unit})" if unit != "-" else readout


def _against_nothing(condition: ConditionFindings, readout: str) -> str:
    effect = condition.effect[readout]
    if is_nothing(effect, condition.readouts[readout]):
        return "no difference"
    words = f"{effect.difference:+.3g} (95% {effect.low95:+.3g} to {effect.high95:+.3g})"
    return words if effect.low95 > 0 or effect.high95 < 0 else f"{words}, consistent with no effect"


def text(result: ExperimentResult) -> str:
    """Return the text that the command prints: of many read-outs the main ones, but for those that are 0 in all."""
    rows = [
        _row(name, condition, result)
        for name in shown_readouts(result)
        if any(condition.readouts[name].mean for condition in result.conditions)
        for condition in result.conditions
    ]
    about = (
        f"{result.subjects} simulated subjects a condition, the same in each; repeated with {result.worlds} sets of "
        f"rates; seed {result.seed}; day {result.readout_days[-1]:g}."
    )
    headings = _HEADINGS if result.has_one_comparator else (*_HEADINGS, "against")
    listed = columns([headings, *rows])
    others = others_in_words(result)
    below = (*((others,) if others else ()), about, result.numerics.words, CONTEXT_OF_USE)
    return "\n".join((result.question, "", *answer_lines(result), "", *listed, "", *below))


def _row(name: str, condition: ConditionFindings, result: ExperimentResult) -> tuple[str, ...]:
    readout, effect = condition.readouts[name], condition.effect[name]
    first, comparator = condition is result.conditions[0], result.comparator_of(condition)
    labelled = _called(name, result) if first else ""
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
