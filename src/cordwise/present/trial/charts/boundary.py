"""The boundaries of a trial with looks, and the paths that single trials take between them."""

from collections.abc import Sequence

import altair as alt

from cordwise.present import numbers
from cordwise.present.charts.theme import INK, MUTED, OBSERVED, PAGE_WIDTH, WITHOUT, Rows, Spec, data, heading, themed
from cordwise.trial.characteristics.examples import ExampleTrial
from cordwise.trial.characteristics.scenario_result import LookResult, ScenarioResult

PANELS_IN_A_ROW = 3
PANEL_HEIGHT = 230
AXIS_ROOM = 62
LEAST_TOP, MOST_FOOT = 4.0, -1.5  # the z axis shows at least this range, so that panels of designs look alike
HEADROOM = 0.4
SAME_PLACE = 0.3  # in z: two numbers nearer than this would be written over one another
PATH_COLOURS = ["#0068a8", "#00795a", "#a0468b"]  # apart from the colour of the boundary


def boundaries_and_paths(scenarios: Sequence[ScenarioResult], examples: Sequence[ExampleTrial], *, title: str) -> Spec:
    """Return z against information, a panel a scenario: the boundaries, and the example trials until they end."""
    top, foot = z_range(scenarios, examples)
    y = alt.Y("z:Q", title="z of the primary endpoint").scale(domain=[foot, top], nice=False)
    width = PAGE_WIDTH // PANELS_IN_A_ROW - AXIS_ROOM
    panels = [
        _panel(scenario, [item for item in examples if item.scenario == scenario.name], y).properties(
            width=width, height=PANEL_HEIGHT, title=alt.TitleParams(scenario.name, fontSize=13, limit=width)
        )
        for scenario in scenarios
    ]
    rows = [alt.hconcat(*panels[at : at + PANELS_IN_A_ROW]) for at in range(0, len(panels), PANELS_IN_A_ROW)]
    explained = [
        "Orange: at or above it, the cells are found better. Grey, dashed: below it, the trial gives up (see table).",
        "Thin lines: three single trials, each to the look at which it ends (trial number at the end).",
    ]
    return themed(alt.vconcat(*rows, title=heading(title, explained)))


def z_range(scenarios: Sequence[ScenarioResult], examples: Sequence[ExampleTrial]) -> tuple[float, float]:
    """Return the top and foot of the axis of z: every limit and every example lies within."""
    limits = [limit for item in scenarios for row in item.looks for limit in (row.efficacy_z, row.futility_z)]
    shown = [row.z for item in examples for row in item.looks]
    values = [value for value in (*limits, *shown) if value is not None]
    return max([LEAST_TOP, *values]) + HEADROOM, min([MOST_FOOT, *values]) - HEADROOM


def boundary_rows(looks: Sequence[LookResult]) -> Rows:
    """Return both limits at every look; a limit that does not exist there is left out, the last futility one too."""
    rows = []
    for row in looks:
        for kind, limit in (("efficacy", row.efficacy_z), ("futility", row.futility_z)):
            is_repeated = kind == "futility" and limit == row.efficacy_z
            if limit is not None and not is_repeated:
                label = numbers.number(limit, 2)
                rows.append({"information": row.information, "z": limit, "kind": kind, "label": label})
    return rows


def path_rows(examples: Sequence[ExampleTrial], total: float) -> Rows:
    """Return z at each look of each example trial; `total` patients are the whole information."""
    return [
        {
            "trial": str(item.replicate + 1),
            "information": row.patients / total,
            "z": row.z,
            "end": _ends_at(item, examples) if row is item.looks[-1] else "",
        }
        for item in examples
        for row in item.looks
    ]


def _ends_at(item: ExampleTrial, examples: Sequence[ExampleTrial]) -> str:
    """Return the numbers of all trials that end where this one does, at the first of them alone."""
    last = item.looks[-1]
    same = [
        str(other.replicate + 1)
        for other in examples
        if other.looks[-1].look == last.look and abs(other.looks[-1].z - last.z) < SAME_PLACE
    ]
    return ", ".join(same) if same[0] == str(item.replicate + 1) else ""


def _panel(scenario: ScenarioResult, examples: Sequence[ExampleTrial], y: alt.Y) -> alt.LayerChart:
    """Return the boundaries and paths of one scenario."""
    last = scenario.looks[-1]
    total = last.patients_analysed / last.information
    x = alt.X("information:Q", title=f"Share of the {numbers.count(total)} patients followed")
    x = x.scale(domain=[0, 1], nice=False).axis(format="%", values=[0, 0.25, 0.5, 0.75, 1])
    kinds = alt.Scale(domain=["efficacy", "futility"], range=[OBSERVED, WITHOUT])
    colour = alt.Color("kind:N", legend=None, scale=kinds)
    base = alt.Chart(data(boundary_rows(scenario.looks))).encode(x=x, y=y, color=colour)
    dash = alt.StrokeDash("kind:N", legend=None, scale=alt.Scale(domain=kinds.domain, range=[[1, 0], [5, 4]]))
    limits = base.mark_line(strokeWidth=2).encode(strokeDash=dash) + base.mark_point(filled=True, size=45, opacity=1)
    above = base.transform_filter(alt.datum.kind == "efficacy").mark_text(dy=-11, fontWeight=600, fontSize=12)
    return limits + above.encode(text="label:N") + _paths(path_rows(examples, total), x, y)


def _paths(rows: Rows, x: alt.X, y: alt.Y) -> alt.LayerChart:
    """Return a line for each example trial with its number at the end."""
    names = list(dict.fromkeys(row["trial"] for row in rows))
    colour = alt.Color("trial:N", legend=None, scale=alt.Scale(domain=names, range=PATH_COLOURS[: len(names)]))
    base = alt.Chart(data(rows)).encode(x=x, y=y)
    lines = base.mark_line(strokeWidth=1.4, point=alt.OverlayMarkDef(size=26)).encode(color=colour)
    ends = base.mark_text(dx=6, align="left", fontSize=12, color=INK).encode(text="end:N")
    zero = alt.Chart(data([{"z": 0}])).mark_rule(color=MUTED, strokeWidth=0.7).encode(y=y)
    return (zero + lines + ends).resolve_scale(color="independent")
