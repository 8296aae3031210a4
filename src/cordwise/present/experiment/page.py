"""The report of an experiment: what each condition does against another, read-out by read-out."""

from cordwise.experiment.effect import PairedEffect
from cordwise.experiment.readouts import readout_rows
from cordwise.experiment.result import ConditionFindings, ExperimentResult
from cordwise.present import numbers
from cordwise.present.experiment.conditions import (
    COURSES_TITLE,
    compared_name,
    courses,
    effects,
    effects_title,
    means,
    means_title,
    short,
)
from cordwise.present.experiment.main_readouts import headlines, is_nothing
from cordwise.present.experiment.readout_labels import labels, readout_label, readout_unit, readout_words
from cordwise.present.html.closing import assumptions, credibility, provenance, question_of
from cordwise.present.html.page import Page, Section, Table, figure, table

LONGEST_UNBROKEN = 24


def experiment_page(result: ExperimentResult) -> Page:
    """Return the report of an experiment."""
    sections = (
        _effects(result),
        _means(result),
        *_courses(result),
        Section("readouts", "What the read-outs mean", tables=(_meanings(result),)),
        assumptions(result),
        credibility(result, _credibility(result)),
        provenance(result),
    )
    answers = tuple(experiment_answer(result, name) for name in headlines(result))
    return Page(result.name or "Experiment", question_of(result), answers, sections)


def experiment_answer(result: ExperimentResult, readout: str | None = None) -> str:
    """Return what each condition does to a read-out on the last day, by default the first of the answer."""
    first, others = result.conditions[0], result.compared
    name = readout or headlines(result)[0]
    seen, unit = first.readouts[name], readout_unit(name, result.species)
    amount = f"{short(seen.mean)} {unit} (SD {short(seen.sd)})".replace("  ", " ")
    day = numbers.number(result.readout_days[-1], 0)
    start = f"{readout_words(name)} on day {day}: {amount} in {first.name}."
    if not others:
        return start
    found = "; ".join(f"{compared_name(result, each)}: {_against_nothing(each, name)}" for each in others)
    base = "it" if result.compared_with == first.name else result.compared_with
    return f"{start} Difference from {base}, with 95 % interval: {found}."


def _against_nothing(condition: ConditionFindings, name: str) -> str:
    effect = condition.effect[name]
    if is_nothing(effect, condition.readouts[name]):
        return "no difference"
    words = _difference(effect)
    return words if effect.low95 > 0 or effect.high95 < 0 else f"{words}, consistent with no effect"


def _difference(effect: PairedEffect) -> str:
    between = f"{short(effect.low95, sign=True)} to {short(effect.high95, sign=True)}"
    return f"{short(effect.difference, sign=True)} ({between})"


def _effects(result: ExperimentResult) -> Section:
    """Return the forest plot, and every effect in a table."""
    heading, conditions = "What each condition changes", result.conditions
    if len(conditions) == 1:
        return Section("effects", heading, ("There is one condition, so that nothing can be compared.",))
    title = effects_title(result)
    drawn = figure(
        effects(result), name="effects", title=title, description=experiment_answer(result), caption=_caption(result)
    )
    tables = tuple(_effect_table(result, name, label) for name, label in labels(result, only_of_all=True).items())
    return Section("effects", heading, figures=(drawn,), tables=tables)


def _caption(result: ExperimentResult) -> str:
    return (
        f"{numbers.count(result.subjects)} simulated subjects, the same in every condition, in each of "
        f"{numbers.count(result.worlds)} sets of rates drawn around the fitted ones. {_left_out(result.left_out)}"
    )


def _unbroken(name: str) -> str:
    """Return a short name that a table does not break into lines."""
    return name.replace(" ", "\u00a0") if len(name) <= LONGEST_UNBROKEN else name


def _left_out(count: int) -> str:
    if not count:
        return "None was left out."
    return f"Left out of all conditions, for want of a credible cord: {numbers.count(count)} of all sets of rates."


def _effect_table(result: ExperimentResult, name: str, label: str) -> Table:
    """Return the effect on one read-out, a row for each condition and day."""
    headings = {"Condition": False, "Day": True, "Difference (95 % interval)": True, "In SD of the comparator": True}
    headings |= {"Ratio to the comparator": True}
    rows = [
        (
            _unbroken(compared_name(result, condition)),
            numbers.number(visit.day, 0),
            _difference(effect),
            short(effect.standardised, sign=True),
            short(effect.ratio),
        )
        for condition in result.compared
        for visit in condition.by_day
        for effect in (visit.effect[name],)
    ]
    return table(f"{label}: difference from {result.compared_with}", headings, rows)


def _means(result: ExperimentResult) -> Section:
    """Return the read-outs of every condition on the last day."""
    named, description = labels(result, only_of_all=False), f"{experiment_answer(result)} All numbers are in the table."
    drawn = figure(means(result), name="means", title=means_title(result), description=description)
    headings = {"Condition": False} | dict.fromkeys(named.values(), True)
    rows = [
        (
            _unbroken(each.name),
            *(f"{short(each.readouts[name].mean)} ({short(each.readouts[name].sd)})" for name in named),
        )
        for each in result.conditions
    ]
    day = numbers.number(result.readout_days[-1], 0)
    listed = table(f"Mean (standard deviation between subjects) on day {day}", headings, rows)
    return Section("means", "Read-outs of each condition", figures=(drawn,), tables=(listed,))


def _courses(result: ExperimentResult) -> list[Section]:
    """Return the course over days, where there is more than one."""
    if len(result.readout_days) == 1:
        return []
    description = "Means of each condition on each day that was read."
    drawn = figure(courses(result), name="courses", title=COURSES_TITLE, description=description)
    return [Section("courses", "Over time", figures=(drawn,))]


def _meanings(result: ExperimentResult) -> Table:
    """Return what each read-out is."""
    asked = result.conditions[0].readouts
    rows = [
        (readout_label(row["readout"], result.species), row["meaning"], row["source"])
        for row in readout_rows(result.species)
        if row["readout"] in asked
    ]
    return table("Read-outs", {"Read-out": False, "What it is": False, "Source rows": False}, rows)


def _credibility(result: ExperimentResult) -> list[tuple[str, str]]:
    """Return the credibility statements of an experiment, each from what the result holds."""
    return [
        ("Model influence", "Conditions are compared on simulated subjects; nothing is fitted here."),
        ("Comparator", f"Source rows of the question: {result.source or numbers.NOT_GIVEN}."),
        (
            "Uncertainty",
            f"Intervals are the middle 95 % of {numbers.count(result.worlds)} sets of rates with "
            f"{numbers.count(result.subjects)} subjects each; what the model itself leaves out is not in them.",
        ),
        ("Not judged", "Scores are rulers over the drive below the lesion, for contrasts; they are no examinations."),
    ]
