"""The way of patients through a trial, as reports of trials draw it: randomised, lost, analysed."""

from dataclasses import dataclass

from cordwise.present import numbers
from cordwise.present.charts.shapes import document, element, outline, words
from cordwise.present.charts.theme import AXIS, INK, MUTED, PAGE_WIDTH, PANEL, TEXT_SIZE, TITLE_SIZE
from cordwise.trial.characteristics.scenario_result import ScenarioResult
from cordwise.trial.result import TrialResult

BOX_HEIGHT, BOX_GAP, ARM_GAP = 58.0, 30.0, 24.0
TOP, SIDE = 34.0, 8.0
ARROW = 5.0
MOST_ARM_WIDTH = 330.0


@dataclass(frozen=True, slots=True)
class FlowCounts:
    """Mean numbers of patients; `withdrawn` is None where the last visit is not that of the primary endpoint."""

    randomised: float
    due: float
    withdrawn: float | None


def flow_counts(result: TrialResult, scenario: ScenarioResult) -> FlowCounts:
    """Return the mean numbers of one scenario; those withdrawn follow from the share that the design assumes."""
    design = result.design
    primary = design.primary
    due = min(scenario.expected_analysed, scenario.expected_n)
    at_end = primary.day == design.followup.visits[-1]
    return FlowCounts(scenario.expected_n, due, due * design.dropout.rate if at_end else None)


def patient_flow(result: TrialResult, scenario: ScenarioResult) -> str:
    """Return the flow of one scenario as an SVG document: one box for all, then a column for each arm."""
    design, counts = result.design, flow_counts(result, scenario)
    primary = design.primary
    ratio = design.randomisation.ratio
    columns = [(arm.name, part / sum(ratio)) for arm, part in zip(design.arms, ratio, strict=True)]
    width = min(MOST_ARM_WIDTH, (PAGE_WIDTH - 2 * SIDE - ARM_GAP * (len(columns) - 1)) / len(columns))
    span = len(columns) * width + (len(columns) - 1) * ARM_GAP
    head = SIDE + span / 2
    title = f"Patients through the trial (scenario: {scenario.name}; means)"
    parts = [words(SIDE, 18, title, size=TITLE_SIZE, fill=INK, font_weight=600)]
    parts += _box(
        head - width / 2,
        TOP,
        width,
        "Enrolled and randomised" if len(columns) > 1 else "Enrolled",
        numbers.number(counts.randomised, 0),
    )
    for place, (name, share) in enumerate(columns):
        left = SIDE + place * (width + ARM_GAP)
        parts += _arrow(head, TOP + BOX_HEIGHT, left + width / 2)
        for row, (label, value) in enumerate(_boxes(name, share, counts, primary.missing), start=1):
            top = TOP + row * (BOX_HEIGHT + BOX_GAP)
            parts += _box(left, top, width, label, value)
            parts += _arrow(left + width / 2, top - BOX_GAP, left + width / 2) if row > 1 else []
    rows = 1 + len(_boxes("", 1.0, counts, primary.missing))
    height = TOP + rows * BOX_HEIGHT + (rows - 1) * BOX_GAP + SIDE
    return document(parts, width=PAGE_WIDTH, height=height)


def _boxes(name: str, share: float, counts: FlowCounts, missing: str) -> list[tuple[str, str]]:
    """Return the boxes of one arm below the first: label and number."""

    def told(value: float) -> str:
        return numbers.number(share * value, 1)

    boxes = [(f"Allotted to {name}", told(counts.randomised)), ("Primary endpoint due by the end", told(counts.due))]
    if counts.withdrawn is None:
        return boxes
    lost = f"{told(counts.withdrawn)} withdrawn"
    if missing == "complete_case":
        return [*boxes, ("Analysed", f"{told(counts.due - counts.withdrawn)} ({lost})")]
    return [*boxes, (f"Analysed, withdrawn by rule: {missing.replace('_', ' ')}", f"{told(counts.due)} ({lost})")]


def _box(left: float, top: float, width: float, label: str, value: str) -> list[str]:
    """Return a box with a label and a number."""
    middle = left + width / 2
    frame = element("rect", x=left, y=top, width=width, height=BOX_HEIGHT, rx=4, fill=PANEL, stroke=AXIS)
    return [
        frame,
        words(middle, top + 23, label, size=TEXT_SIZE, fill=MUTED, text_anchor="middle"),
        words(middle, top + 44, value, size=TITLE_SIZE, fill=INK, text_anchor="middle", font_weight=600),
    ]


def _arrow(start: float, top: float, end: float) -> list[str]:
    """Return a line from the foot of one box, over half the gap, to the top of the next, with a head."""
    half, foot = top + BOX_GAP / 2, top + BOX_GAP
    line = outline([(start, top), (start, half), (end, half), (end, foot - ARROW)])
    head = outline([(end - ARROW, foot - ARROW), (end + ARROW, foot - ARROW), (end, foot)], closed=True)
    return [element("path", d=line, fill="none", stroke=AXIS, stroke_width=1.4), element("path", d=head, fill=AXIS)]
