"""The sections on how a trial runs: patients through it, safety stops, failures, randomisation, and what may change."""

from markupsafe import Markup

from cordwise.present import numbers
from cordwise.present.charts.drawing import inline
from cordwise.present.html.page import Figure, Section, Table, table
from cordwise.present.trial.charts.patient_flow import flow_counts, patient_flow
from cordwise.present.trial.safety import board_tables
from cordwise.present.trial.tables import months
from cordwise.trial.characteristics.scenario_result import ScenarioResult
from cordwise.trial.design.stopping import Adaptation
from cordwise.trial.result import TrialResult


def flow_section(result: TrialResult) -> Section:
    """Return the expected way of patients through the trial."""
    scenarios = result.scenarios
    shown = scenarios[0]
    words = ["Means over the simulated trials; a patient counts as followed once the primary endpoint is due."]
    if flow_counts(result, shown).withdrawn is None:
        words.append("Patients withdrawn before the primary endpoint are not counted in this result.")
    else:
        words.append("Withdrawn: the share that the design assumes by the last visit.")
    return Section("flow", "Patients through the trial", tuple(words), (_flow(result, shown),), (_flow_table(result),))


def _flow(result: TrialResult, scenario: ScenarioResult) -> Figure:
    """Return the flow of one scenario as a drawing."""
    title = f"Patients through the trial (scenario: {scenario.name})"
    counts = flow_counts(result, scenario)
    randomised, followed = numbers.number(counts.randomised, 0), numbers.number(counts.due, 0)
    told = f"{randomised} randomised, {followed} followed to the primary endpoint."
    # Every text in the drawing is escaped where it is drawn.
    return Figure(Markup(inline(patient_flow(result, scenario), "flow", title, told)))


def _flow_table(result: TrialResult) -> Table:
    """Return the same numbers for every scenario."""
    known = flow_counts(result, result.scenarios[0]).withdrawn is not None
    headings = {"Scenario": False, "Enrolled": True, "Followed": True}
    headings |= {"Withdrawn": True, "Months": True} if known else {"Months": True}
    rows = []
    for scenario in result.scenarios:
        counts = flow_counts(result, scenario)
        means = (counts.randomised, counts.due, counts.withdrawn)[: 3 if known else 2]
        told = [numbers.number(value, 1) for value in means]
        rows.append((scenario.name, *told, months(scenario.expected_duration_days)))
    return table("Mean numbers of patients, and duration", headings, rows)


def conduct_section(result: TrialResult) -> Section:
    """Return what can go wrong in the running: stops for harm, analyses that fail, guessed allocation."""
    failures = sum(item.failures for row in result.scenarios for item in row.endpoints)
    analyses = result.replicates * sum(len(row.endpoints) for row in result.scenarios)
    words = [
        f"Of {numbers.count(analyses)} final analyses {numbers.count(failures)} gave no estimate; each counts as not "
        "rejecting.",
        _predictability(result),
    ]
    safety = result.design.safety
    if safety is None:
        return Section("conduct", "Safety, failures and randomisation", (*words, "The design has no safety rule."))
    rule = (
        f"Safety rule: stop when {safety.event} is commoner than {numbers.share(safety.tolerable_rate)} among "
        f"the treated with probability above {numbers.share(safety.certainty)}, from {safety.after_patients} "
        f"treated patients on; assumed rate {numbers.share(safety.rate_treated)}."
    )
    return Section("conduct", "Safety, failures and randomisation", (rule, *words), tables=board_tables(result, safety))


def _predictability(result: TrialResult) -> str:
    """Return how well an investigator could guess the next arm."""
    if len(result.design.arms) == 1:
        return "All patients are treated; nothing is randomised."
    excess = result.randomisation.excess_correct_guesses
    given = result.design.randomisation
    method = given.method.replace("_", " ")
    blocks = f" of {given.block_size}" if given.method == "permuted_block" else ""
    factors = f", stratified by {' and '.join(given.stratify_by)}" if given.stratify_by else ""
    if excess is None:
        return f"Randomisation: {method}{blocks}{factors}."
    return (
        f"Randomisation: {method}{blocks}{factors}. An investigator who guesses the arm so far the rarer is right in "
        f"{numbers.number(100 * excess, 1)} percentage points more of the allocations than by chance."
    )


def adaptation_section(result: TrialResult) -> tuple[Section, ...]:
    """Return what the trial may change on its way, beside the same trial without a change; nothing where it cannot."""
    found, planned = result.adaptation, result.design.adaptation
    if found is None or planned is None:
        return ()
    headings = {
        "Scenario": False,
        "Rejects, with the change": True,
        "Rejects, fixed": True,
        "Patients": True,
        "Trials that change": True,
    }
    fixed = {row.name: row for row in result.scenarios}
    rows = [
        (
            row.name,
            numbers.rate(row.reject_rate, row.mcse, row.total_error),
            numbers.rate(fixed[row.name].reject_rate, fixed[row.name].mcse, fixed[row.name].total_error),
            numbers.mean(row.expected_n, None, 0, row.expected_n_total_error),
            numbers.rate(row.changed, None, row.changed_total_error),
        )
        for row in found.scenarios
    ]
    level = numbers.value(found.alpha_one_sided)
    two_sided = numbers.value(result.scenarios[0].primary[0].alpha)
    words = (
        _change_words(planned),
        f"With the change the test is one-sided at {level}; the fixed trial of the other sections is two-sided at "
        f"{two_sided}. The stages are combined so that the change does not raise the type I error.",
    )
    caption = "The trial with its change, beside the same trial without"
    return (Section("adaptation", "What the trial may change", words, tables=(table(caption, headings, rows),)),)


def _change_words(planned: Adaptation) -> str:
    """Return what may change, and when."""
    first = f"After {numbers.count(planned.at_patients)} patients"
    if planned.kind == "sample_size":
        low, high = planned.promising
        return (
            f"{first} the total grows, up to {numbers.count(planned.most_patients)}, where the conditional power "
            f"lies between {numbers.share(low)} and {numbers.share(high)}."
        )
    keep = numbers.number(planned.keep_above, 2)
    if planned.kind == "drop_arms":
        return f"{first} treated arms with z below {keep} are dropped; at least one goes on."
    grades = ", ".join(planned.grades)
    return (
        f"{first} entry narrows to AIS {grades} where z of all patients is below {keep} and that of these is not; "
        "where both are below, the trial stops."
    )
