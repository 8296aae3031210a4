"""The figures that judge the population: which rows count, on which scale, and how far each may be off by chance."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy import ndarray
from scipy.special import logit

from cordwise.evidence import Target
from cordwise.population.fit.published_mix import CaseMix, registry_case_mix
from cordwise.population.fit.time_course import FIRST_DAY, GAIN_DAYS, LAST_DAY, places_of_gain, shares_of_gain
from cordwise.population.observation import table
from cordwise.population.prediction import PROPORTION, Prediction
from cordwise.population.registries import known_registries, registry_of
from cordwise.population.sampling_error import number_behind, sampling_error
from cordwise.population.structure import direction_of, missing_scale, tolerance

SHARE, SCORE, SPREAD, COURSE, MIX, STUDY = "share", "score", "spread", "course", "mix", "study"
_HOME = "EMSCI"
_NO_REGISTRY = ""
# Shares that follow from the others of their grade: what is left describes one table of grades without repeating it.
_REDUNDANT: Mapping[str, tuple[str, ...]] = {"A": ("B",), "B": ("A-B",), "C": ("A", "C"), "D": ("A", "B", "C", "D")}
_LEAST_SHARE, _FEWEST = (0.002, 0.02), 1.5  # a share that no simulated patient shows is not one that nobody has


@dataclass(frozen=True, slots=True)
class Figures:
    """Published figures in the order of the fit: shares and means, spreads, course of arms, EMSCI's case mix, studies.

    Attributes
    ----------
    targets
        The rows behind shares and means, and, in the same order, behind the spreads that are printed.
    kind
        What each figure is: shares are compared on the logit scale, all others as they are.
    registry, grade, grade_names, stratum
        What figures have in common, by number; registry -1 for studies without one.
    better
        1 for shares of people who are better off, -1 for other shares, 0 for what is no share.
    value
        As printed.
    n
        Patients behind it.
    error
        Standard error by chance, and for spreads, case mix and studies by what the structure may miss; 0 for shares.
    missing
        Scale of what the structure may miss in a mean; 0 for others.
    registries
        Names of the registries.
    has_spread
        For each target, whether its spread is among the figures.
    mix
        EMSCI's case mix.
    unprinted_spreads
        Simulated SDs that stand in for those not printed, by target.
    """

    targets: tuple[Target, ...]
    kind: ndarray
    registry: Int[ndarray, " figure"]
    grade: Int[ndarray, " figure"]
    grade_names: ndarray
    better: Float[ndarray, " figure"]
    stratum: Int[ndarray, " figure"]
    value: Float[ndarray, " figure"]
    n: Float[ndarray, " figure"]
    error: Float[ndarray, " figure"]
    missing: Float[ndarray, " figure"]
    registries: tuple[str, ...]
    has_spread: Bool[ndarray, " target"]
    mix: CaseMix
    unprinted_spreads: Mapping[str, float]

    def __len__(self) -> int:
        """Return the number of figures."""
        return len(self.value)

    @property
    def is_share(self) -> Bool[ndarray, " figure"]:
        """Return which figures are shares."""
        return self.kind == SHARE

    def of(self, name: str) -> Bool[ndarray, " figure"]:
        """Return which figures a registry printed."""
        return self.registry == (self.registries.index(name) if name in self.registries else len(self.registries))


def fitted_targets(targets: Sequence[Target]) -> tuple[Target, ...]:
    """Return the rows that count, with the number of patients of those that print none."""
    known = {row["target_id"]: row for row in table("fit_rows")}
    kept = []
    for target in targets:
        row = known.get(target.target_id)
        if row and row["use"] == "nested":
            continue
        if target.measure == PROPORTION and target.category in _REDUNDANT.get(target.baseline_ais, ()):
            continue
        kept.append(replace(target, n=float(row["n"])) if row else target)
    return tuple(kept)


def figures_of(targets: Sequence[Target], spread_of: Mapping[str, float], studies: int) -> Figures:
    """Return the figures of a fit; `spread_of` gives the simulated SD of a mean whose SD is not printed."""
    kept = fitted_targets(targets)
    printed = [bool(np.isfinite(each.sd)) and each.measure != PROPORTION for each in kept]
    names = tuple(dict.fromkeys(registry_of(each) for each in kept))
    home = names.index(_HOME) if _HOME in names else -1
    mix = registry_case_mix(targets)
    shares = np.concatenate([mix.grades, mix.levels, mix.tetraplegia])
    rows = [_mean_row(each, spread_of) for each in kept]
    rows += [_spread_row(each) for each, has in zip(kept, printed, strict=True) if has]
    rows += list(_course_rows(kept))
    rows += [(MIX, _HOME, "", f"mix {k}", share, 1.0, _mix_error(k), 0.0) for k, share in enumerate(shares)]
    rows += [(STUDY, _NO_REGISTRY, "", f"study {k}", 0.0, 1.0, 1.0, 0.0) for k in range(studies)]
    kind, registry, grade, stratum, *numbers = zip(*rows, strict=True)
    number_of = {name: place for place, name in enumerate(names)} | {_NO_REGISTRY: -1}
    return Figures(
        targets=kept,
        kind=np.array(kind),
        registry=np.array([number_of.get(name, home) for name in registry]),
        grade=_numbered(grade),
        grade_names=np.array(grade),
        better=np.array([direction_of(each) for each in kept] + [0.0] * (len(rows) - len(kept))),
        stratum=_numbered(stratum),
        value=np.array(numbers[0]),
        n=np.array(numbers[1]),
        error=np.array(numbers[2]),
        missing=np.array(numbers[3]),
        registries=names,
        has_spread=np.array(printed),
        mix=mix,
        unprinted_spreads={
            each.target_id: spread_of[each.target_id]
            for each, has in zip(kept, printed, strict=True)
            if not has and each.measure != PROPORTION and each.target_id in spread_of
        },
    )


def on_fitted_scale(
    found: Prediction, figures: Figures, mix: CaseMix | None, studies: Float[ndarray, " study"]
) -> Float[ndarray, " figure"]:
    """Return simulated figures on the scale on which they are compared: shares as log odds."""
    share = figures.kind[: len(figures.targets)] == SHARE
    low = np.clip(_FEWEST / np.maximum(found.count, 1), *_LEAST_SHARE)
    means = np.where(share, logit(np.clip(np.nan_to_num(found.mean, nan=0.5), low, 1 - low)), found.mean)
    mixed = np.zeros(0) if mix is None else np.concatenate([mix.grades, mix.levels, mix.tetraplegia])
    course = [shares for _, shares in sorted(shares_of_gain(figures.targets, found.mean).items())]
    parts = (means, found.sd[figures.has_spread], *course, mixed, studies)
    return np.nan_to_num(np.concatenate(parts))


def family_correlation(registries: Sequence[str], alike: float) -> Float[ndarray, "registry registry"]:
    """Return how far the places of registries go together: those of a family share centres and patients."""
    family = {registry.name: registry.family for registry in known_registries()}
    own = np.array([family.get(name, name) for name in registries])
    return np.where(own[:, None] == own, alike, 0.0) + (1 - alike) * np.eye(len(own))


def _mean_row(target: Target, spread_of: Mapping[str, float]) -> tuple[str, str, str, str, float, float, float, float]:
    registry, n = registry_of(target), number_behind(target)
    stratum = "|".join((registry, target.baseline_ais, target.levels, target.measure))
    if target.measure == PROPORTION:
        return SHARE, registry, target.baseline_ais, stratum, target.value, n, 0.0, 0.0
    sd = target.sd if np.isfinite(target.sd) else spread_of.get(target.target_id, 0.0)
    allowed = missing_scale(target)
    return SCORE, registry, target.baseline_ais, stratum, target.value, n, float(sd / np.sqrt(n)), allowed


def _spread_row(target: Target) -> tuple[str, str, str, str, float, float, float, float]:
    n, ratio = number_behind(target), tolerance(target.measure, "spread_ratio")
    allowed = (ratio if np.isfinite(ratio) else 1.0) * tolerance(target.measure)
    error = float(np.hypot(allowed, target.sd / np.sqrt(2 * n)))
    return SPREAD, registry_of(target), target.baseline_ais, f"sd {target.target_id}", target.sd, n, error, 0.0


def _course_rows(
    targets: Sequence[Target],
) -> Iterator[tuple[str, str, str, str, float, float, float, float]]:
    """Yield the shares of the year's gain in UEMS, which the means alone hold only loosely."""
    printed = shares_of_gain(targets, np.array([target.value for target in targets]))
    for grade, places in sorted(places_of_gain(targets).items()):
        for share, day in zip(printed[grade], GAIN_DAYS, strict=True):
            error = _gain_share_error(targets, places, day)
            yield COURSE, _HOME, grade, f"course {grade} {day:g}", float(share), 1.0, error, 0.0


def _gain_share_error(targets: Sequence[Target], places: Mapping[float, int], day: float) -> float:
    """Return what a share of the year's gain may miss: a mean moves less between visits than between registries."""
    target = targets[places[day]]
    pair = "first_visits_correlation" if day == GAIN_DAYS[0] else "visit_correlation"
    moves = np.sqrt(2 * (1 - tolerance(pair))) * sampling_error(target, np.nan, np.nan)
    gain = targets[places[LAST_DAY]].value - targets[places[FIRST_DAY]].value
    return float(np.hypot(tolerance("gain_share"), moves / gain))


def _mix_error(place: int) -> float:
    return tolerance("grade_mix" if place < 4 else "level_mix" if place < 7 else "tetraplegia_mix")


def _numbered(names: Sequence[str]) -> Int[ndarray, " figure"]:
    return np.unique(np.array(names), return_inverse=True)[1]
