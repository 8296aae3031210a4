"""Cross-validation of the fit that ships: by registry, or by stratum of EMSCI."""

from collections.abc import Iterator, Sequence

import numpy as np
from jaxtyping import Bool
from numpy import ndarray

from cordwise.base.progress import Advance, progress
from cordwise.base.provenance import Provenance
from cordwise.base.randomness import Streams, resolve_seed
from cordwise.base.threads import use_threads
from cordwise.evidence import Target, released_targets
from cordwise.population.fit.calibrate import Fitted
from cordwise.population.fit.hierarchy import Linearised
from cordwise.population.fit.refit import shipped_linearisation
from cordwise.population.validation.left_out_registries import (
    COPIED,
    META,
    MODEL,
    LeftOutRegistry,
    entry_figures,
    leave_registries_out,
    means_of,
    narrowed_by,
)
from cordwise.population.validation.left_out_strata import LeftOut, leave_strata_out, rmse_of
from cordwise.population.validation.printed_figures import units
from cordwise.population.validation.result import (
    CrossValidation,
    ForecastComparison,
    ForecastErrors,
    ForecastQuality,
    LeftOutFigure,
    Narrowing,
    RegistryCrossValidation,
    StratumErrors,
    StratumForecastErrors,
)
from cordwise.population.validation.scores import ForecastRows, judge_by_measure

_FACTORS = (1.0, 0.5, 2.0)  # on the prior scales of the SDs between registries
_EVERYTHING, _COPIABLE, _REVIEWED = "all", "those that EMSCI printed too", "those that others printed too"
_CONVERSIONS = (10, 30)  # people of a registry whose conversion is known


def cross_validate_by_registry(
    *, seed: int | None = None, workers: int | None = None, sensitivity: bool = True, quiet: bool = True
) -> RegistryCrossValidation:
    """Leave each registry out in turn, fit without it, and predict it as one not yet seen.

    Parameters
    ----------
    seed
        Decides the draws; drawn, and stored in the result, when not given.
    workers
        Threads, every core when not given; the result does not depend on them.
    sensitivity
        Repeat it with the prior scales of the SDs between registries halved and doubled.
    quiet
        Show no progress.
    """
    use_threads(workers)
    seed, targets = resolve_seed(seed), released_targets()
    streams, fitted = Streams(seed), shipped_linearisation()
    factors = _FACTORS if sensitivity else _FACTORS[:1]
    registries = len(fitted.near.figures.registries) - 1
    asked = list(_questions(fitted.near))
    with progress("leaving registries out", registries * len(factors) + len(asked), quiet=quiet) as advance:
        found = {
            factor: leave_registries_out(
                fitted.near, fitted.mode, streams, spread_factor=factor, with_rivals=factor == 1.0, advance=advance
            )
            for factor in factors
        }
        narrowing = tuple(_narrowings(fitted, found[1.0], asked, streams, advance))
    return RegistryCrossValidation(
        forecasts=tuple(_comparisons(found)),
        figures=tuple(_figures(found[1.0])),
        narrowing=narrowing,
        provenance=Provenance.of("population cross-validate", seed, targets.source_file, by="registry"),
    )


def cross_validate_by_stratum(
    *, seed: int | None = None, workers: int | None = None, quiet: bool = True
) -> CrossValidation:
    """Leave each stratum of EMSCI out in turn, fit without it, and predict it; nothing is drawn.

    Parameters
    ----------
    seed
        Stored in the result.
    workers
        Threads, every core when not given; the result does not depend on them.
    quiet
        Show no progress.
    """
    use_threads(workers)
    fitted = shipped_linearisation()
    with progress("leaving strata out", 1, quiet=quiet) as advance:
        found = leave_strata_out(fitted.near, fitted.mode)
        advance(1)
    source = released_targets().source_file
    return _by_stratum(found, Provenance.of("population cross-validate", resolve_seed(seed), source, by="stratum"))


def _by_stratum(found: Sequence[LeftOut], provenance: Provenance) -> CrossValidation:
    return CrossValidation(
        rmse=ForecastErrors(
            predicted=rmse_of(found, "predicted"), fitted=rmse_of(found, "fitted"), copied=rmse_of(found, "copied")
        ),
        strata=tuple(
            StratumErrors(
                name=each.stratum.name,
                rmse=StratumForecastErrors(predicted=rmse_of([each], "predicted"), copied=rmse_of([each], "copied")),
            )
            for each in found
        ),
        provenance=provenance,
    )


def _comparisons(found: dict[float, tuple[LeftOutRegistry, ...]]) -> Iterator[ForecastComparison]:
    main = found[1.0]
    targets = [target for each in main for target in each.targets]
    rows = {name: _joined([each.forecasts[name] for each in main]) for name in (MODEL, COPIED, META)}
    everything = np.ones(len(targets), bool)
    can_copy, reviewed = (np.isfinite(rows[name].interval_score) for name in (COPIED, META))
    chosen = {
        _EVERYTHING: (everything, (MODEL,)),
        _COPIABLE: (can_copy, (MODEL, COPIED)),
        _REVIEWED: (reviewed, (MODEL, META)),
    }
    for figures, (places, names) in chosen.items():
        for name in names:
            yield _comparison(name, figures, 1.0, targets, rows[name], places)
    for factor, others in found.items():
        if factor != 1.0:
            yield _comparison(
                MODEL, _EVERYTHING, factor, targets, _joined([each.forecasts[MODEL] for each in others]), everything
            )


def _comparison(
    name: str,
    figures: str,
    factor: float,
    targets: Sequence[Target],
    rows: ForecastRows,
    chosen: Bool[ndarray, " target"],
) -> ForecastComparison:
    judged = judge_by_measure(targets, rows, chosen)
    quality = tuple(
        ForecastQuality(
            measure=measure,
            rows=each.rows,
            coverage95=_known(each.coverage95),
            interval_score=_known(each.interval_score),
            rmse=_known(each.rmse),
            pit_histogram=each.pit_histogram,
        )
        for measure, each in judged.items()
        if each.rows
    )
    return ForecastComparison(forecast=name, figures=figures, spread_factor=factor, quality=quality)


def _joined(parts: Sequence[ForecastRows]) -> ForecastRows:
    names = ("error", "is_inside", "interval_score", "pit")
    return ForecastRows(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def _figures(found: Sequence[LeftOutRegistry]) -> Iterator[LeftOutFigure]:
    for each in found:
        copied = each.forecasts[COPIED].error
        for place, target in enumerate(each.targets):
            yield LeftOutFigure(
                target_id=target.target_id,
                registry=each.name,
                measure=target.measure,
                category=target.category,
                baseline_ais=target.baseline_ais,
                levels=target.levels,
                followup_day=target.followup_day,
                n=_known(target.n),
                observed=target.value,
                predicted=float(each.predicted[place]),
                low95=float(each.low95[place]),
                high95=float(each.high95[place]),
                copied=_known(copied[place] + target.value),
            )


def _questions(near: Linearised) -> Iterator[tuple[str, str, Bool[ndarray, " figure"], float | None]]:
    """Yield what might be known of a registry: its entry table, or the conversion of its first people of grade A."""
    for name in near.figures.registries[1:]:
        own, entry = means_of(near, name), entry_figures(near, name)
        if entry.any() and (own & ~entry).any():
            yield name, "its people at entry", entry, None
        first = own & near.figures.is_share & (near.figures.grade_names == "A")
        if first.any() and own.sum() > 1:
            one = np.zeros(len(own), bool)
            one[np.flatnonzero(first)[0]] = True
            for people in _CONVERSIONS:
                yield name, f"conversions of {people} people of grade A", one, float(people)


def _narrowings(
    fitted: Fitted,
    before: Sequence[LeftOutRegistry],
    asked: Sequence[tuple[str, str, Bool[ndarray, " figure"], float | None]],
    streams: Streams,
    advance: Advance,
) -> Iterator[Narrowing]:
    for name, known, places, people in asked:
        after = narrowed_by(fitted.near, fitted.mode, streams, name, places, people)
        first = next(each for each in before if each.name == name)
        asked_for = {target.target_id for target in after.targets}
        same = np.array([target.target_id in asked_for for target in first.targets])
        unit = units(after.targets)
        rows, rows_before = after.forecasts[MODEL], first.forecasts[MODEL]
        yield Narrowing(
            registry=name,
            known=known,
            rows=len(after.targets),
            width=float((unit * (first.high95 - first.low95)[same]).mean()),
            width_known=float((unit * (after.high95 - after.low95)).mean()),
            interval_score=float((unit * rows_before.interval_score[same]).mean()),
            interval_score_known=float((unit * rows.interval_score).mean()),
            coverage95_known=float(rows.is_inside.mean()),
        )
        advance(1)


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
