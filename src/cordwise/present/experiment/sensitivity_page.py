"""The report of a sensitivity analysis: which numbers decide an outcome, and the effect of cells on it."""

from collections.abc import Mapping
from typing import Any

from cordwise.experiment.sensitivity.words import failures, in_words, main_output
from cordwise.present import numbers
from cordwise.present.charts.theme import Spec, themed
from cordwise.present.experiment.conditions import short
from cordwise.present.experiment.influence import leading_chart, leading_inputs, mechanism_shares
from cordwise.present.experiment.page import readout_label
from cordwise.present.html.closing import assumptions, credibility, provenance, question_of
from cordwise.present.html.page import Page, Section, Table, figure, table

Result = Mapping[str, Any]
WORLD_WORDS = {"without": "without cells", "with": "with cells", "effect": "gained by the cells"}
PICTURED = ("without", "effect")
METHOD_WORDS = {
    "morris": "Morris screening: each trajectory moves one input after another through its range",
    "sobol": "Sobol indices of single inputs",
}


def sensitivity_page(result: Result) -> Page:
    """Return the report of a sensitivity analysis."""
    sections = (
        *(_leading(result, world) for world in PICTURED if main_output(result, world)),
        _mechanisms(result),
        *_translation(result),
        Section("outcomes", "Every outcome", tables=(_outcomes(result),)),
        Section("inputs", "Inputs and their ranges", (_ranges(),), tables=(_inputs(result),)),
        assumptions(result),
        credibility(result, _credibility(result)),
        provenance(result),
    )
    return Page("What decides the outcome", question_of(result), (result["answer"],), sections)


def leading_picture(result: Result) -> Spec:
    """Return the leading inputs of the score on the last day, without cells and of their effect, as one picture."""
    import altair as alt

    outputs = [output for world in PICTURED if (output := main_output(result, world))]
    charts = [leading_chart(output, result["method"], title=_title(result, output)) for output in outputs]
    return themed(alt.vconcat(*charts, spacing=36))


def _title(result: Result, output: Mapping[str, Any]) -> str:
    label, day = readout_label(output["readout"], result["species"]), numbers.number(output["day"], 0)
    return f"{label} on day {day}, {WORLD_WORDS[output['world']]}: the ten leading inputs"


def _leading(result: Result, world: str) -> Section:
    """Return the picture and the table of the leading inputs for the score on the last day."""
    output = main_output(result, world) or {}
    heading = "What decides the outcome without cells" if world == "without" else "What decides the effect of the cells"
    title = _title(result, output)
    spec = leading_inputs(output, result["method"], title=title, explained=_runs(result))
    named = ", ".join(in_words(row["factor"]) for row in output["indices"][:10])
    drawn = figure(
        spec, name=f"leading-{world}", title=title, description=f"In order: {named}.", caption=failures(result)
    )
    return Section(f"leading-{world}", heading, figures=(drawn,), tables=(_indices(result, output),))


def _runs(result: Result) -> str:
    unit = "trajectories" if result["method"] == "morris" else "base samples"
    size = f"{numbers.count(result['samples'])} {unit}, {numbers.count(result['runs'])} runs"
    return f"{METHOD_WORDS[result['method']]} ({size})."


def _indices(result: Result, output: Mapping[str, Any]) -> Table:
    """Return the indices of the twenty leading inputs of one outcome."""
    meaning = {row["name"]: row["meaning"] for row in result["inputs"]}
    if result["method"] == "morris":
        headings = {"mu* (95 % interval)": True, "mu": True, "sigma": True}
    else:
        headings = {"Total (95 % interval)": True, "First order (95 % interval)": True}
    rows = [
        (in_words(row["factor"]), row["mechanism"], meaning[row["factor"]], *_numbers(row))
        for row in output["indices"][:20]
    ]
    return table(
        _title(result, output).replace("ten", "twenty"),
        {"Input": False, "Mechanism": False, "Meaning": False} | headings,
        rows,
    )


def _numbers(row: Mapping[str, Any]) -> tuple[str, ...]:
    if "mu_star" in row:
        return (_around(row["mu_star"], row["mu_star_conf"]), short(row["mu"], sign=True), short(row["sigma"]))
    return (_around(row["ST"], row["ST_conf"]), _around(row["S1"], row["S1_conf"]))


def _around(value: float, error: float) -> str:
    return f"{short(value)} ({short(value - error)} to {short(value + error)})"


def _mechanisms(result: Result) -> Section:
    """Return the share of variance that each mechanism makes, without cells and of their effect."""
    outputs = [(WORLD_WORDS[world].capitalize(), main_output(result, world, "mechanisms")) for world in PICTURED]
    shown = [(name, output) for name, output in outputs if output]
    title = "Which mechanisms make the variance?"
    spec = mechanism_shares(shown, title=title)
    leading = "; ".join(
        f"{name}: {', '.join(row['factor'] for row in output['indices'][:3])}" for name, output in shown
    )
    words = (
        "All inputs of a mechanism are moved at once, so that what they do together counts as its own. Shares in all "
        "add up to more than 1 where mechanisms act together.",
    )
    drawn = figure(spec, name="mechanisms", title=title, description=f"Leading mechanisms: {leading}.")
    return Section("mechanisms", "Which mechanisms make the variance", words, figures=(drawn,))


def _translation(result: Result) -> list[Section]:
    """Return how much of the variance of the effect of cells is due to the translation, for every outcome."""
    if not result["translation"]:
        return []
    headings = {"Outcome": False, "Day": True, "Alone (95 % interval)": True, "In all (95 % interval)": True}
    rows = [
        (
            readout_label(row["readout"], result["species"]),
            numbers.number(row["day"], 0),
            *(numbers.share_interval(max(row[index], 0.0), *_ends(row, index)) for index in ("S1", "ST")),
        )
        for row in result["translation"]
    ]
    listed = table("Share of the variance of the effect of cells that is due to the translation", headings, rows)
    return [Section("translation", "How much of the uncertainty is the translation", tables=(listed,))]


def _ends(row: Mapping[str, Any], index: str) -> tuple[float, ...]:
    """Return the interval of a share; estimates a little below 0, as small shares have, count as 0."""
    return tuple(min(max(row[index] + sign * row[f"{index}_conf"], 0.0), 1.0) for sign in (-1, 1))


def _outcomes(result: Result) -> Table:
    """Return mean and spread of every outcome, and what leads it."""
    headings = {"Outcome": False, "": False, "Day": True, "Mean (nine of ten runs)": True, "Leading inputs": False}
    leading = {(row["readout"], row["day"], row["world"]): row["indices"][:3] for row in result["outputs"]}
    rows = [
        (
            readout_label(row["readout"], result["species"]),
            WORLD_WORDS[row["world"]],
            numbers.number(row["day"], 0),
            f"{short(row['mean'])} ({short(row['low90'])} to {short(row['high90'])})",
            ", ".join(in_words(each["factor"]) for each in leading[row["readout"], row["day"], row["world"]]),
        )
        for row in result["mechanisms"]
    ]
    return table("Outcomes over the ranges of all inputs", headings, rows)


def _ranges() -> str:
    return (
        "Every input is drawn uniformly on the logarithm over its 90 % range, independent of the others; the "
        "translation is drawn from its prior between 0 and 1."
    )


def _inputs(result: Result) -> Table:
    """Return every input with its range."""
    headings = {"Input": False, "Mechanism": False, "Meaning": False, "Unit": False, "Value": True, "90 % range": True}
    rows = [
        (
            in_words(row["name"]),
            row["mechanism"],
            row["meaning"],
            row["unit"],
            short(row["value"]),
            f"{short(row['low90'])} to {short(row['high90'])}",
        )
        for row in result["inputs"]
    ]
    return table("Inputs", headings, rows)


def _credibility(result: Result) -> list[tuple[str, str]]:
    """Return the credibility statements of an analysis, each from what the result holds."""
    return [
        (
            "Model influence",
            "Shows on which numbers an outcome rests; it does not say that the model is right about them.",
        ),
        (
            "Uncertainty",
            f"Ranges of {numbers.count(len(result['inputs']))} inputs, taken as independent. {failures(result)}",
        ),
        ("Not judged", "What the model leaves out, and joint ranges that the calibration would narrow."),
    ]
