"""Markers in the fluid of the simulated population beside what was published of them: severity, recovery, conversion.

People of the shipped population under the best parameter set are examined on days 1, 14 and 183, and their fluid on
days 1 and 3. A figure is a miss where it lies outside the 95 % interval of the published one, which is that of its
sample's size. Nothing was fitted to these rows; errors of assays were judged in sight of some of them.

Run it with `python verification/biomarkers.py`; with `--write` the table of `docs/explanation/biomarkers.md` is made
anew. It always ends with exit code 0: misses are told, not forbidden.
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from model_card import DOCS, fill, markdown_table
from scipy.stats import chi2, rankdata

from cordwise.base.randomness import Streams
from cordwise.cord.biomarkers import Biomarkers
from cordwise.isncsci import AIS
from cordwise.patient.counterfactual import without_cells
from cordwise.patient.markers import patient_markers
from cordwise.patient.outcomes import Outcomes, follow
from cordwise.patient.patients import draw_patients
from cordwise.population.posterior import load_posterior

PAGE = DOCS / "explanation" / "biomarkers.md"
SEED, PEOPLE = 1, 2000
DAY_1, DAY_3 = 0, 1  # of the fluid
ENTRY, DAY_14, SIX_MONTHS = 0, 1, 2  # of the examinations
GRADES_OF_B017 = {AIS.A: 29, AIS.B: 9, AIS.C: 12}
WEAK_ARMS = 10  # points by which arms are weaker than legs in a central cord syndrome
Z95 = 1.96


@dataclass(frozen=True)
class Line:
    """One published figure with its 95 % interval, and what is found in the simulated people."""

    row: str
    what: str
    found: float
    published: float
    low: float
    high: float
    digits: int = 2
    recalled: bool = False

    @property
    def holds(self) -> bool:
        """Say whether what is found lies inside the interval."""
        return self.low <= self.found <= self.high

    @property
    def cells(self) -> list[str]:
        """Return the figure as cells of a table."""
        shown = [
            f"{each:.{self.digits}f}".replace("-", "\u2212")
            for each in (self.found, self.published, self.low, self.high)
        ]
        source = f"{self.row} (recalled)" if self.recalled else self.row
        return [source, self.what, shown[0], shown[1], f"{shown[2]} to {shown[3]}", "yes" if self.holds else "**miss**"]


@dataclass(frozen=True)
class Sample:
    """Simulated people: logarithms of their markers on days 1 and 3, and what the examiner finds."""

    markers: Biomarkers
    seen: Outcomes

    def log(self, name: str, day: int) -> np.ndarray:
        """Return the logarithm of a marker on one of the days."""
        return np.log(np.maximum(getattr(self.markers, name)[:, day], 1e-12))

    def grades(self, *grades: AIS) -> np.ndarray:
        """Say who has one of the grades on day 1."""
        return np.isin(self.seen.ais[:, ENTRY], grades)

    @property
    def motor(self) -> np.ndarray:
        """Return the motor score at each examination."""
        return (self.seen.uems + self.seen.lems).astype(float)

    @property
    def better(self) -> np.ndarray:
        """Say whose grade is better at six months."""
        return self.seen.ais[:, SIX_MONTHS] > self.seen.ais[:, ENTRY]


def main() -> int:
    """Print every figure beside the published one, and write the table where asked to."""
    parser = argparse.ArgumentParser(description="Markers of simulated people beside published figures.")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--people", type=int, default=PEOPLE)
    asked = parser.parse_args()
    sample = simulated(asked.people)
    lines = [*severity_lines(sample), *recovery_lines(sample), *conversion_lines(sample), *grading_lines(sample)]
    for line in lines:
        row, what, found, published, interval, verdict = line.cells
        print(f"{row:<16} {what:<76} {found:>7}  published {published:>6} ({interval})  {verdict.strip('*')}")
    missed = sum(not line.holds for line in lines)
    counts = ", ".join(f"{int(sample.grades(grade).sum())} {grade.name}" for grade in AIS)
    print(f"{asked.people} simulated people ({counts} on day 1): {missed} of {len(lines)} figures missed")
    for words in remarks(sample):
        print(words)
    if asked.write:
        table = markdown_table(
            ["row", "figure", "simulated", "published", "95 %", "inside"], [each.cells for each in lines]
        )
        body = " ".join([f"{missed} of {len(lines)} figures are missed.", *remarks(sample)])
        fill(PAGE, {"markers": f"{table}\n\n{body}"})
    return 0


def simulated(count: int) -> Sample:
    """Return people of the shipped population under the best set, with their markers and examinations."""
    best, streams = load_posterior().best, Streams(SEED)
    people = draw_patients(best, streams, count=count)
    days = np.tile([1.0, 14.0, 183.0], (count, 1))
    seen = follow(people, days, ("day-1", "day-14", "day-183"), best, streams, without_cells())
    return Sample(patient_markers(people, streams, (1.0, 3.0)), seen)


def severity_lines(sample: Sample) -> Iterator[Line]:
    """Yield how markers differ within and between grades."""
    complete, incomplete = sample.grades(AIS.A, AIS.B), sample.grades(AIS.C, AIS.D)
    for row, name, words, sds, ratio in (
        ("B288", "s100", "S100b", (1.0, 0.8), 377.2 / 57.1),
        ("B289", "nfl", "neurofilament", (1.0, 0.9), 11813 / 1447),
    ):
        log = sample.log(name, DAY_1)
        for who, told, sd in ((complete, "motor complete", sds[0]), (incomplete, "motor incomplete", sds[1])):
            yield Line(row, f"log SD of {words} at 24 h, {told}", log[who].std(), sd, *_sd_interval(sd, 8), 2)
        found = _mean_ratio(log, complete, incomplete)
        yield _ratio_line(row, f"{words} at 24 h, mean of motor complete over incomplete", found, ratio, sds, (8, 8))
    log, legs_over_arms = sample.log("nfl", DAY_1), sample.seen.lems[:, ENTRY] - sample.seen.uems[:, ENTRY]
    central = incomplete & (legs_over_arms >= WEAK_ARMS)
    a, others = sample.grades(AIS.A), incomplete & ~central
    for who, told, published, people in (
        (others, "motor incomplete", 70 / 21, 10),
        (central, "central cord", 70 / 6, 4),
    ):
        what = f"NfL, mean of complete over {told}"
        yield _ratio_line("B290", what, _mean_ratio(log, a, who), published, (1.0, 0.9), (13, people))


def recovery_lines(sample: Sample) -> Iterator[Line]:
    """Yield how neurofilament goes with the motor score."""
    log = sample.log("nfl", DAY_1)
    for at, told, published in ((ENTRY, "then", -0.69), (SIX_MONTHS, "at six months", -0.72)):
        found = np.corrcoef(log, sample.motor[:, at])[0, 1]
        low, high = np.tanh(np.arctanh(published) + np.array([-Z95, Z95]) / np.sqrt(27 - 3))
        yield Line("B291", f"r of log NfL at 24 h with the motor score {told}", found, published, low, high)


def conversion_lines(sample: Sample) -> Iterator[Line]:
    """Yield how a marker at 72 h tells those of grade A who stay A from those who convert."""
    a = sample.grades(AIS.A)
    stays = ~sample.better[a]
    for name, words, told in (
        ("nfl", "NfL", ((76, 61, 87), (77, 55, 92))),
        ("gfap", "GFAP", ((72, 57, 84), (77, 55, 92))),
    ):
        marker = sample.log(name, DAY_3)[a]
        sensitivity, specificity = _best_cut(marker, stays)
        yield Line("B292", f"{words} at 72 h and AIS A staying A: sensitivity, %", 100 * sensitivity, *told[0], 0)
        yield Line("B292", f"{words} at 72 h and AIS A staying A: specificity, %", 100 * specificity, *told[1], 0)
        if name == "nfl":
            error = Z95 * _auc_error(0.85, 56, 22)
            what = "NfL at 72 h and AIS A staying A: area under the curve"
            yield Line("B292", what, _auc(marker, stays), 0.85, 0.85 - error, 0.85 + error, 2, recalled=True)


def grading_lines(sample: Sample) -> Iterator[Line]:
    """Yield how often markers of day 1 tell the grade, and conversion, of people of grades A to C."""
    who, weight = sample.grades(*GRADES_OF_B017), _weights(sample)
    three = np.column_stack([sample.log(name, DAY_1)[who] for name in ("s100", "gfap", "il6")])
    four = np.column_stack([three, sample.log("nfl", DAY_1)[who]])
    grade, converts = sample.seen.ais[who, ENTRY], sample.better[who].astype(int)
    told = 100 * _told(three, grade, weight)
    yield Line(
        "B293", "baseline grade A, B or C told by S100b, GFAP, IL-6, %", told, 89, *_share_interval(0.89, 27), 0, True
    )
    told = 100 * _told(four, converts, weight)
    what = "conversion by six months told by S100b, GFAP, IL-6, NfL (six markers published), %"
    yield Line("B017", what, told, 83, *_share_interval(0.83, 50), 0)


def remarks(sample: Sample) -> Iterator[str]:
    """Yield what would be right without any marker."""
    who, weight = sample.grades(*GRADES_OF_B017), _weights(sample)
    share = float((weight * sample.better[who]).sum() / weight.sum())
    commonest = max(GRADES_OF_B017.values()) / sum(GRADES_OF_B017.values())
    yield (
        f"Who guessed the commonest without markers would tell {100 * commonest:.0f} % of grades and "
        f"{100 * max(share, 1 - share):.0f} % of conversions."
    )
    a = sample.grades(AIS.A)
    yield f"Of AIS A on day 1, {100 * sample.better[a].mean():.0f} % convert by six months."
    found = np.corrcoef(sample.log("nfl", DAY_1), sample.motor[:, DAY_14])[0, 1]
    grade = sample.seen.ais[:, DAY_14]
    complete, incomplete = np.isin(grade, (AIS.A, AIS.B)), np.isin(grade, (AIS.C, AIS.D))
    ratios = (f"{_mean_ratio(sample.log(name, DAY_1), complete, incomplete):.1f} ({name})" for name in ("s100", "nfl"))
    yield (
        f"By the examination of day 14 instead of day 1: r of log NfL with the motor score {found:.2f}, means of motor "
        f"complete over incomplete {' and '.join(ratios)}."
    )


def _weights(sample: Sample) -> np.ndarray:
    """Return weights that give people of grades A to C the shares of B017."""
    grade = sample.seen.ais[sample.grades(*GRADES_OF_B017), ENTRY]
    return sum(wanted * (grade == at) / max((grade == at).sum(), 1) for at, wanted in GRADES_OF_B017.items())


def _told(values: np.ndarray, groups: np.ndarray, weight: np.ndarray) -> float:
    """Return the share told correctly by a linear discriminant that never saw those it judges: two halves in turn."""
    right = np.zeros(len(groups), bool)
    odd = np.arange(len(groups)) % 2 == 1
    for judged in (odd, ~odd):
        score = _discriminant(values[~judged], groups[~judged], weight[~judged])
        right[judged] = score(values[judged]) == groups[judged]
    return float((weight * right).sum() / weight.sum())


def _discriminant(values: np.ndarray, groups: np.ndarray, weight: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    """Return a linear discriminant: groups of one covariance, as likely beforehand as they weigh."""
    names = np.unique(groups)
    shares = np.array([weight[groups == name].sum() for name in names]) / weight.sum()
    means = np.array([np.average(values[groups == name], axis=0, weights=weight[groups == name]) for name in names])
    left = values - means[np.searchsorted(names, groups)]
    inverse = np.linalg.inv((weight[:, None] * left).T @ left / weight.sum())
    slope, height = means @ inverse, np.log(shares) - np.einsum("gi,ij,gj->g", means, inverse, means) / 2
    return lambda asked: names[np.argmax(asked @ slope.T + height, axis=1)]


def _best_cut(marker: np.ndarray, positive: np.ndarray) -> tuple[float, float]:
    """Return sensitivity and specificity at the cut where their sum is greatest."""
    cuts = np.unique(marker)
    sensitivity = np.array([(marker[positive] >= cut).mean() for cut in cuts])
    specificity = np.array([(marker[~positive] < cut).mean() for cut in cuts])
    best = int(np.argmax(sensitivity + specificity))
    return float(sensitivity[best]), float(specificity[best])


def _auc(marker: np.ndarray, positive: np.ndarray) -> float:
    """Return the chance that one of the positive has more than one of the others."""
    first, second = int(positive.sum()), int((~positive).sum())
    return float((rankdata(marker)[positive].sum() - first * (first + 1) / 2) / (first * second))


def _auc_error(area: float, first: int, second: int) -> float:
    """Return the standard error of an area under the curve (Hanley and McNeil 1982)."""
    one, two = area / (2 - area), 2 * area**2 / (1 + area)
    spread = area * (1 - area) + (first - 1) * (one - area**2) + (second - 1) * (two - area**2)
    return float(np.sqrt(spread / (first * second)))


def _mean_ratio(log: np.ndarray, first: np.ndarray, second: np.ndarray) -> float:
    return float(np.exp(log[first]).mean() / np.exp(log[second]).mean())


def _ratio_line(
    row: str, what: str, found: float, published: float, sds: tuple[float, float], people: tuple[int, int]
) -> Line:
    """Return a ratio of means; its interval is that of lognormal samples of this spread and size."""
    error = np.exp(Z95 * np.sqrt(sum(sd**2 / n for sd, n in zip(sds, people, strict=True))))
    return Line(row, what, found, published, published / error, published * error, 1)


def _sd_interval(sd: float, people: int) -> tuple[float, float]:
    """Return the interval of a standard deviation of normal values."""
    high, low = np.sqrt((people - 1) / chi2.ppf([0.025, 0.975], people - 1))
    return sd * float(low), sd * float(high)


def _share_interval(share: float, people: int) -> tuple[float, float]:
    """Return the interval of a share in per cent (Wilson 1927)."""
    middle = (share + Z95**2 / (2 * people)) / (1 + Z95**2 / people)
    half = Z95 * np.sqrt(share * (1 - share) / people + Z95**2 / (4 * people**2)) / (1 + Z95**2 / people)
    return 100 * (middle - half), 100 * (middle + half)


if __name__ == "__main__":
    sys.exit(main())
