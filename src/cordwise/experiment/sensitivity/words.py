"""A sensitivity analysis in words: question, answer, and what a terminal shows."""

from collections.abc import Mapping
from typing import Any

from cordwise.base.provenance import CONTEXT_OF_USE
from cordwise.experiment.sensitivity.subject import Subject
from cordwise.experiment.words import columns

Result = Mapping[str, Any]
SHOWN = 10
_NOTHING = 5e-4  # of scores in points
_NAMED = 3  # inputs named in the answer
SCORES = {"total_motor": "total motor score", "bbb": "open-field score"}
WORLD_WORDS = {"without": "without cells", "with": "with cells", "effect": "the effect of cells"}


def question(subject: Subject) -> str:
    """Return the question that an analysis answers."""
    what = "the outcome" if subject.regimen is None else "the outcome, and the effect of the cells,"
    return f"Which numbers of the tissue model decide {what} in {subject.name}?"


def in_words(name: str) -> str:
    """Return a name as a reader says it."""
    return name.removesuffix("_mm").replace("_", " ")


def main_output(result: Result, world: str, among: str = "outputs") -> Mapping[str, Any] | None:
    """Return the score on the last day in one world, or None without that world."""
    rows = [row for row in result[among] if row["world"] == world and row["readout"] in SCORES]
    return rows[-1] if rows else None


def answer(result: Result) -> str:
    """Return what decides the score on the last day, and how much of the effect of cells is due to the translation."""
    sentences = []
    for world in ("without", "effect"):
        output, whole = main_output(result, world), main_output(result, world, "mechanisms")
        if output is None or whole is None:
            continue
        sentences.append(_decided(output, whole))
    return " ".join([*sentences, *_translation(result), *_failures(result)])


def _decided(output: Mapping[str, Any], whole: Mapping[str, Any]) -> str:
    """Return how far one outcome varies, and what decides it."""
    named, first = ", ".join(in_words(row["factor"]) for row in output["indices"][:_NAMED]), whole["indices"][0]
    spread = f"{_number(whole['low90'])} to {_number(whole['high90'])} in nine of ten runs"
    return (
        f"On day {output['day']:g}, the {SCORES[output['readout']]} {_of_world(output['world'])} is "
        f"{_number(whole['mean'])} on average ({spread}) and depends most on {named}; the mechanism that makes most of "
        f"its variance is {in_words(first['factor'])} ({first['ST']:.0%} in all, ±{first['ST_conf']:.0%})."
    )


def _number(value: float) -> str:
    return f"{value if abs(value) > _NOTHING else 0.0:.3g}"


def _of_world(world: str) -> str:
    return "gained by the cells" if world == "effect" else WORLD_WORDS[world]


def _translation(result: Result) -> list[str]:
    own = [row for row in result["translation"] if row["readout"] in SCORES]
    if not own:
        return []
    share = own[-1]
    return [
        f"Of the variance of the effect of the cells, {share['S1']:.0%} (±{share['S1_conf']:.0%}) is due to the "
        f"translation alone and {share['ST']:.0%} (±{share['ST_conf']:.0%}) to it and what it acts together with."
    ]


def failures(result: Result) -> str:
    """Return how many runs failed and were left out."""
    first, second = result["failed"], result["failed_of_mechanisms"]
    runs, bad = first["runs"] + second["runs"], sum(each["not_finite"] + each["front"] for each in (first, second))
    unit = "trajectories" if result["method"] == "morris" else "base samples"
    return (
        f"{bad} of {runs} runs had no credible solution (a lesion that spreads along the whole cord, or no finite "
        f"number): {first['blocks_left_out']} of {first['blocks']} {unit} of single inputs and "
        f"{second['blocks_left_out']} of {second['blocks']} base samples of mechanisms were left out whole."
    )


def _failures(result: Result) -> list[str]:
    bad = sum(result[name][kind] for name in ("failed", "failed_of_mechanisms") for kind in ("not_finite", "front"))
    return [failures(result)] if bad else []


def summary_text(result: Result) -> str:
    """Return the text of a result: the leading inputs for the score on the last day in each world."""
    lines = [result["question"], "", result["answer"]]
    for world, words in WORLD_WORDS.items():
        output, whole = main_output(result, world), main_output(result, world, "mechanisms")
        if output is not None and whole is not None:
            lines += ["", f"{SCORES[output['readout']]}, day {output['day']:g}, {words}: leading inputs", ""]
            lines += columns([_headings(result), *(_row(row) for row in output["indices"][:SHOWN])])
            lines += ["", "shares of variance by mechanism", ""]
            lines += columns([_SHARES, *(_share_row(row) for row in whole["indices"] if row["ST"] > row["ST_conf"])])
    about = (
        f"{result['runs']} runs of single inputs ({result['method']}), {result['mechanism_runs']} of mechanisms; "
        f"seed {result['seed']}."
    )
    return "\n".join((*lines, "", failures(result), about, CONTEXT_OF_USE))


_SHARES = ("mechanism", "alone", "±", "in all", "±")


def _headings(result: Result) -> tuple[str, ...]:
    if result["method"] == "morris":
        return ("input", "mechanism", "mu*", "±", "mu", "sigma")
    return ("input", "mechanism", "S1", "±", "ST", "±")


def _row(row: Mapping[str, Any]) -> tuple[str, ...]:
    name, mechanism, *indices = row.values()
    return (name, mechanism, *(f"{value:.3g}" for value in indices))


def _share_row(row: Mapping[str, Any]) -> tuple[str, ...]:
    return (row["factor"], *(f"{row[name]:.0%}" for name in ("S1", "S1_conf", "ST", "ST_conf")))
