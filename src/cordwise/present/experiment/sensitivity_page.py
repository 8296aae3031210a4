"""The report of a sensitivity analysis: which numbers decide an outcome, and the effect of cells on it."""

from cordwise.experiment.sensitivity.designs import MorrisIndex, SensitivityMethod, SobolIndex
from cordwise.experiment.sensitivity.result import RankedOutcome, Sensitivity
from cordwise.present import numbers
from cordwise.present.charts.theme import Spec, themed
from cordwise.present.experiment.conditions import short
from cordwise.present.experiment.influence import leading_chart, leading_inputs, mechanism_shares
from cordwise.present.experiment.readout_labels import readout_label
from cordwise.present.experiment.sensitivity_text import answer, failures, in_words, main_output
from cordwise.present.html.closing import assumptions, credibility, provenance, question_of
from cordwise.present.html.page import Page, Section, Table, figure, table

WORLD_WORDS = {"without": "without cells", "with": "with cells", "effect": "gained by the cells"}
PICTURED = ("without", "effect")
MECHANISMS_TITLE = "Which mechanisms make the variance?"
METHOD_WORDS = {
    "morris": "Morris screening: each trajectory moves one input after another through its range",
    "sobol": "Sobol indices of single inputs",
}


def sensitivity_page(result: Sensitivity) -> Page:
    """Return the report of a sensitivity analysis."""
    sections = (
        *(_leading(result, output) for output in _pictured(result)),
        _mechanisms(result),
        *_translation(result),
        Section("outcomes", "Every outcome", tables=(_outcomes(result),)),
        Section("inputs", "Inputs and their ranges", (_ranges(),), tables=(_inputs(result),)),
        assumptions(result),
        credibility(result, _credibility(result)),
        provenance(result),
    )
    return Page("What decides the outcome", question_of(result), (answer(result),), sections)


def leading_picture(result: Sensitivity) -> Spec:
    """Return the leading inputs of the score on the last day, without cells and of their effect, as one picture."""
    import altair as alt

    charts = [leading_chart(output, result.method, title=_title(result, output)) for output in _pictured(result)]
    return themed(alt.vconcat(*charts, spacing=36))


def mechanisms_picture(result: Sensitivity) -> Spec:
    """Return the share of variance that each mechanism makes, without cells and of their effect."""
    return mechanism_shares(_shown_mechanisms(result), title=MECHANISMS_TITLE)


def _pictured(result: Sensitivity) -> list[RankedOutcome]:
    """Return the score on the last day without cells, and the effect of the cells on it where there are any."""
    return [output for world in PICTURED if (output := main_output(result.outputs, world))]


def _shown_mechanisms(result: Sensitivity) -> list[tuple[str, RankedOutcome]]:
    outputs = [(WORLD_WORDS[world].capitalize(), main_output(result.mechanisms, world)) for world in PICTURED]
    return [(name, output) for name, output in outputs if output]


def _title(result: Sensitivity, output: RankedOutcome) -> str:
    label, day = readout_label(output.readout, result.species), numbers.number(output.day, 0)
    return f"{label} on day {day}, {WORLD_WORDS[output.world]}: the ten leading inputs"


def _leading(result: Sensitivity, output: RankedOutcome) -> Section:
    """Return the picture and the table of the leading inputs for the score on the last day."""
    without, name = output.world == "without", f"leading-{output.world}"
    heading = "What decides the outcome without cells" if without else "What decides the effect of the cells"
    title = _title(result, output)
    spec = leading_inputs(output, result.method, title=title, explained=_runs(result))
    named = ", ".join(in_words(row.factor) for row in output.indices[:10])
    drawn = figure(spec, name=name, title=title, description=f"In order: {named}.", caption=failures(result))
    return Section(name, heading, figures=(drawn,), tables=(_indices(result, output),))


def _runs(result: Sensitivity) -> str:
    unit = "trajectories" if result.method == SensitivityMethod.MORRIS else "base samples"
    size = f"{numbers.count(result.samples)} {unit}, {numbers.count(result.runs)} runs"
    return f"{METHOD_WORDS[result.method]} ({size})."


def _indices(result: Sensitivity, output: RankedOutcome) -> Table:
    """Return the indices of the twenty leading inputs of one outcome."""
    meaning = {row.name: row.meaning for row in result.inputs}
    if result.method == SensitivityMethod.MORRIS:
        headings = {"mu* (95 % interval)": True, "mu": True, "sigma": True}
    else:
        headings = {"Total (95 % interval)": True, "First order (95 % interval)": True}
    rows = [(in_words(row.factor), row.mechanism, meaning[row.factor], *_numbers(row)) for row in output.indices[:20]]
    return table(
        _title(result, output).replace("ten", "twenty"),
        {"Input": False, "Mechanism": False, "Meaning": False} | headings,
        rows,
    )


def _numbers(row: MorrisIndex | SobolIndex) -> tuple[str, ...]:
    if isinstance(row, MorrisIndex):
        return (_around(row.mu_star, row.mu_star_conf), short(row.mu, sign=True), short(row.sigma))
    return (_around(row.ST, row.ST_conf), _around(row.S1, row.S1_conf))


def _around(value: float, error: float) -> str:
    return f"{short(value)} ({short(value - error)} to {short(value + error)})"


def _mechanisms(result: Sensitivity) -> Section:
    """Return the share of variance that each mechanism makes, without cells and of their effect."""
    leading = "; ".join(
        f"{name}: {', '.join(row.factor for row in output.indices[:3])}" for name, output in _shown_mechanisms(result)
    )
    words = (
        "All inputs of a mechanism are moved at once, so that what they do together counts as its own. Shares in all "
        "add up to more than 1 where mechanisms act together.",
    )
    description = f"Leading mechanisms: {leading}."
    drawn = figure(mechanisms_picture(result), name="mechanisms", title=MECHANISMS_TITLE, description=description)
    return Section("mechanisms", "Which mechanisms make the variance", words, figures=(drawn,))


def _translation(result: Sensitivity) -> list[Section]:
    """Return how much of the variance of the effect of cells is due to the translation, for every outcome."""
    if not result.translation:
        return []
    headings = {"Outcome": False, "Day": True, "Alone (95 % interval)": True, "In all (95 % interval)": True}
    rows = [
        (
            readout_label(row.readout, result.species),
            numbers.number(row.day, 0),
            *(
                numbers.share_interval(max(value, 0.0), *_ends(value, error))
                for value, error in ((row.S1, row.S1_conf), (row.ST, row.ST_conf))
            ),
        )
        for row in result.translation
    ]
    listed = table("Share of the variance of the effect of cells that is due to the translation", headings, rows)
    return [Section("translation", "How much of the uncertainty is the translation", tables=(listed,))]


def _ends(value: float, error: float) -> tuple[float, float]:
    """Return the interval of a share; estimates a little below 0, as small shares have, count as 0."""
    return min(max(value - error, 0.0), 1.0), min(max(value + error, 0.0), 1.0)


def _outcomes(result: Sensitivity) -> Table:
    """Return mean and spread of every outcome, and what leads it."""
    headings = {"Outcome": False, "": False, "Day": True, "Mean (nine of ten runs)": True, "Leading inputs": False}
    leading = {(row.readout, row.day, row.world): row.indices[:3] for row in result.outputs}
    rows = [
        (
            readout_label(row.readout, result.species),
            WORLD_WORDS[row.world],
            numbers.number(row.day, 0),
            f"{short(row.mean)} ({short(row.low90)} to {short(row.high90)})",
            ", ".join(in_words(each.factor) for each in leading[row.readout, row.day, row.world]),
        )
        for row in result.mechanisms
    ]
    return table("Outcomes over the ranges of all inputs", headings, rows)


def _ranges() -> str:
    return (
        "Every input is drawn uniformly on the logarithm over its 90 % range, independent of the others; the "
        "translation is drawn from its prior between 0 and 1."
    )


def _inputs(result: Sensitivity) -> Table:
    """Return every input with its range."""
    headings = {"Input": False, "Mechanism": False, "Meaning": False, "Unit": False, "Value": True, "90 % range": True}
    rows = [
        (
            in_words(row.name),
            row.mechanism,
            row.meaning,
            row.unit,
            short(row.value),
            f"{short(row.low90)} to {short(row.high90)}",
        )
        for row in result.inputs
    ]
    return table("Inputs", headings, rows)


def _credibility(result: Sensitivity) -> list[tuple[str, str]]:
    """Return the credibility statements of an analysis, each from what the result holds."""
    return [
        (
            "Model influence",
            "Shows on which numbers an outcome rests; it does not say that the model is right about them.",
        ),
        (
            "Uncertainty",
            f"Ranges of {numbers.count(len(result.inputs))} inputs, taken as independent. {failures(result)}",
        ),
        ("Not judged", "What the model leaves out, and joint ranges that the calibration would narrow."),
    ]
