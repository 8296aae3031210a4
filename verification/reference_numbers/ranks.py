"""Rank tests, win statistics and analysis of covariance of one data set, against R's stats and coin and brute force.

`data/job_satisfaction.csv`: income and job satisfaction of 104 employed people, General Social Survey 1991; Agresti,
Categorical Data Analysis, 2nd edition (2002), table 7.8.
"""

import csv
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import ndtr, ndtri, stdtrit
from verification.reference_numbers.family import Method, Row

from cordwise.stats.two_arm.cochran_mantel_haenszel import linear_by_linear_test
from cordwise.stats.two_arm.contingency import linear_by_linear
from cordwise.stats.two_arm.means import ancova, t_test, welch_t
from cordwise.stats.two_arm.pairwise_counts import pairwise_counts_by_order
from cordwise.stats.two_arm.ranks import RankSums, exact_rank_sum, rank_sums
from cordwise.stats.two_arm.trials import Trials
from cordwise.stats.two_arm.wins import count_wins

FOLDER = Path(__file__).parent
EXACT_BELOW = 50  # patients per arm up to which R's wilcox.test is exact, without ties
LEVEL = 0.05  # sets intervals from which a standard error is read back


def _one_trial(
    treated: Sequence[Any],
    outcome: Sequence[float],
    *,
    baseline: Sequence[float] | None = None,
    stratum: Sequence[int] | None = None,
    components: np.ndarray | None = None,
) -> Trials:
    columns = [np.zeros(len(outcome)) if given is None else np.asarray(given, float) for given in (outcome, baseline)]
    blocks = np.zeros(len(outcome), int) if stratum is None else np.asarray(stratum, int)
    arm = np.asarray(treated, bool)[None]
    composite = None if components is None else components[None]
    return Trials(arm, np.ones_like(arm), columns[0][None], columns[1][None], blocks[None], components=composite)


def _two_samples(treated: Sequence[float], control: Sequence[float]) -> Trials:
    return _one_trial([True] * len(treated) + [False] * len(control), [*treated, *control])


def _rank_sums(trials: Trials, *, van_elteren: bool) -> RankSums:
    pairwise_counts = pairwise_counts_by_order(trials, [trials.outcome], strata=True)
    return rank_sums(pairwise_counts, weights="van_elteren" if van_elteren else "rank_sum")


def _wilcoxon(row: Row) -> Mapping[str, Any]:
    """Compute wilcox.test: exact without ties in small samples, else normal with its continuity correction."""
    x, y = np.asarray(row.inputs["x"], float), np.asarray(row.inputs["y"], float)
    alternative = row.inputs.get("alternative", "greater" if "one-sided" in row.method else "two-sided")
    exact = exact_rank_sum(x, y, alternative=alternative)
    ties = len(np.unique([*x, *y])) < len(x) + len(y)
    if row.inputs.get("exact", not ties and max(len(x), len(y)) < EXACT_BELOW):
        return {"W": exact.pairs_won, "p": exact.p}
    sums = _rank_sums(_two_samples(x, y), van_elteren=False)
    apart = float((sums.statistic - sums.expected)[0])
    shift = {"two-sided": np.sign(apart), "greater": 1.0, "less": -1.0}[alternative] / 2
    z = (apart - (shift if row.inputs.get("correct", True) else 0.0)) / float(np.sqrt(sums.variance[0]))
    tails = {"two-sided": min(1.0, 2 * ndtr(-abs(z))), "greater": ndtr(-z), "less": ndtr(z)}
    return {"W": exact.pairs_won, "p": float(tails[alternative]), "z": z}


def _stratified_counts(row: Row) -> Mapping[str, Any]:
    """Compute from category counts of each arm, listed by category and cut into strata of the sizes named."""
    arms = [np.repeat(np.arange(len(row.inputs[arm])), row.inputs[arm]) for arm in ("control", "treated")]
    sizes = [int(size) for size in re.findall(r"\d+", str(row.inputs["strata"]))]
    strata = [np.repeat(np.arange(len(sizes)), sizes) for _ in arms]
    treated = np.repeat([False, True], [len(arm) for arm in arms])
    trials = _one_trial(treated, np.concatenate(arms), stratum=np.concatenate(strata))
    if "elteren" in row.name:
        return _standardised(_rank_sums(trials, van_elteren=True))
    p = linear_by_linear_test(trials, alpha=LEVEL, strata=True, scores="ranks").p[0]  # coin ranks across its blocks
    return {"absZ": -ndtri(p / 2), "p": p}


def _van_elteren(row: Row) -> Mapping[str, Any]:
    arms = [(arm, row.inputs[key]) for arm, key in ((True, "treated"), (False, "control"))]
    patients = [(arm, value, h) for arm, strata in arms for h, values in enumerate(strata) for value in values]
    treated, outcome, stratum = zip(*patients, strict=True)
    return _standardised(_rank_sums(_one_trial(treated, outcome, stratum=stratum), van_elteren=True))


def _standardised(sums: RankSums) -> Mapping[str, Any]:
    z = (sums.statistic - sums.expected)[0] / np.sqrt(sums.variance[0])
    moments = {"T": sums.statistic[0], "E": sums.expected[0], "V": sums.variance[0]}
    return {**moments, "Z": z, "absZ": abs(z), "p": 2 * ndtr(-abs(z))}


def _linear_by_linear(row: Row) -> Mapping[str, Any]:
    tables = row.inputs["table"] if "table" in row.inputs else _job_satisfaction()
    scores = {f"{side}_scores": row.inputs.get(f"{side}_scores") for side in ("row", "column")}
    found = linear_by_linear(tables, **scores)
    return {"Z": found.z, "z": found.z, "absZ": abs(found.z), "X2": found.z**2, "M2": found.z**2, "p": found.p}


def _job_satisfaction() -> np.ndarray:
    """Return the counts by gender, income and satisfaction."""
    with (FOLDER / "data" / "job_satisfaction.csv").open() as file:
        counts = [int(line["Freq"]) for line in csv.DictReader(file)]
    return np.reshape(counts, (2, 4, 4)).transpose(0, 2, 1)


def _composite(inputs: Mapping[str, Any]) -> Trials:
    """Return the trial of a row: components of each arm in the order listed, or counts of ordered categories."""
    if "ref" in inputs:
        inputs = _inputs_of(str(inputs["ref"]).split()[0])
    if "control" in inputs:
        arms = [np.repeat(np.arange(len(inputs[arm])), inputs[arm])[:, None] for arm in ("treated", "control")]
    else:
        ends = (r"_(trt|treated)$", r"_(ctl|control)$")
        arms = [np.column_stack([inputs[key] for key in inputs if re.search(end, key)]) for end in ends]
    treated = np.repeat([True, False], [len(arm) for arm in arms])
    return _one_trial(treated, np.zeros(len(treated)), components=np.concatenate(arms))


def _inputs_of(name: str) -> Mapping[str, Any]:
    with (FOLDER / "reference_numbers.csv").open() as file:
        return next(json.loads(line["inputs"]) for line in csv.DictReader(file) if line["id"] == name)


def _wins(row: Row) -> Mapping[str, Any]:
    wins = count_wins(_composite(row.inputs), thresholds=row.inputs.get("thresholds"))
    won, lost, tied, pairs = (each[0] for each in (wins.wins, wins.losses, wins.ties, wins.pairs))
    contrast = np.array([1.0, -1.0])
    return {
        "wins": won,
        "losses": lost,
        "ties": tied,
        "win_ratio": won / lost,
        "win_odds": (won + tied / 2) / (lost + tied / 2),
        "net_benefit": (won - lost) / pairs,
        "se_NB_plugin": np.sqrt(contrast @ wins.spread[0] @ contrast),
        "mann_whitney_prob": (won + tied / 2) / pairs,
    }


def _finkelstein_schoenfeld(row: Row) -> Mapping[str, Any]:
    wins = count_wins(_composite(row.inputs))
    z = wins.score[0] / np.sqrt(wins.score_variance[0])
    return {"T": wins.score[0], "V": wins.score_variance[0], "z": z, "p": 2 * ndtr(-abs(z))}


def _ancova(row: Row) -> Mapping[str, Any]:
    trials = _one_trial(row.inputs["arm"], row.inputs["post"], baseline=row.inputs["pre"])
    found = ancova(trials, alpha=LEVEL)
    error = (found.high - found.estimate)[0] / stdtrit(trials.treated.size - 3, 1 - LEVEL / 2)
    return {"effect": found.estimate[0], "se": error, "t": found.estimate[0] / error, "p": found.p[0]}


def _t_test(row: Row) -> Mapping[str, Any]:
    trials = _two_samples(row.inputs["x"], row.inputs["y"])
    found = (welch_t if "welch" in row.name.lower() else t_test)(trials, alpha=LEVEL)
    return {"effect": found.estimate[0], "p": found.p[0], "ci": [found.low[0], found.high[0]]}


METHODS = (
    Method(re.compile(r"wilcoxon.*"), _wilcoxon),
    Method(re.compile(r"stratified_wilcoxon.*"), _stratified_counts),
    Method(re.compile(r"van_elteren.*"), _van_elteren),
    Method(re.compile(r"(lbl|linear_by_linear).*"), _linear_by_linear),
    Method(re.compile(r"win_.*"), _wins),
    Method(re.compile(r"finkelstein_schoenfeld.*"), _finkelstein_schoenfeld),
    Method(re.compile(r"ancova_.*"), _ancova),
    Method(re.compile(r"(ttest|welch).*"), _t_test),
    Method(re.compile(r"(logrank|cox|survdiff).*"), skipped="no analysis of times to an event is offered"),
)
