"""Small results of the population made by hand: a cross-validation by registry, and a check."""

from cordwise.base.inputs import Origin
from cordwise.base.provenance import Provenance
from cordwise.population.check import CheckSummary, CopyComparison, PopulationCheck, TargetCheck
from cordwise.population.intervals import Parts
from cordwise.population.validation.result import (
    ForecastComparison,
    ForecastQuality,
    LeftOutFigure,
    Narrowing,
    RegistryCrossValidation,
)
from cordwise.present.presenters import read_result


def _provenance(command):
    return Provenance.of(command, 1, Origin("ours.csv", b"figures"))


def left_out(*, observed=0.3, measure="ais", registry="North", predicted=0.4, low95=0.2, high95=0.6):
    return LeftOutFigure(
        target_id=f"{registry}-{measure}",
        registry=registry,
        measure=measure,
        category="B-E" if measure == "ais" else "",
        baseline_ais="A",
        levels="C1-T1",
        followup_day=365.0,
        n=50.0,
        observed=observed,
        predicted=predicted,
        low95=low95,
        high95=high95,
        copied=0.35 if measure == "ais" else None,
    )


def compared(forecast, figures="all", factor=1.0, *, shares=(0.5, 40.0, 10.0), scores=(1.0, 20.0, 5.0)):
    quality = tuple(
        ForecastQuality(
            measure=measure,
            rows=2 if measure != "all" else 4,
            coverage95=values[0],
            interval_score=values[1],
            rmse=values[2],
            pit_histogram=(1, 0, 0, 0, 0, 1, 0, 0, 0, 0),
        )
        for measure, values in (("ais", shares), ("uems", scores), ("scores", scores), ("all", (0.75, None, None)))
        if values
    )
    return ForecastComparison(forecast=forecast, figures=figures, spread_factor=factor, quality=quality)


FIGURES = (
    left_out(),
    left_out(observed=0.9),
    left_out(registry="South", measure="uems", observed=20.0, predicted=24.0, low95=15.0, high95=33.0),
    left_out(registry="South", measure="lems", observed=3.0, predicted=5.0, low95=0.0, high95=12.0),
)
FORECASTS = (
    compared("model"),
    compared("model", "those that EMSCI printed too"),
    compared("copied", "those that EMSCI printed too", shares=(1.0, 44.0, 11.0), scores=(0.5, 31.0, 6.0)),
    compared("model", "those that others printed too", scores=None),
    compared("meta_analysis", "those that others printed too", shares=(0.5, 60.0, 12.0), scores=None),
    compared("model", factor=0.5, shares=(0.0, 55.0, 10.0)),
)
NARROWING = (
    Narrowing(
        registry="South",
        known="its people at entry",
        rows=3,
        width=20.0,
        width_known=15.0,
        interval_score=22.0,
        interval_score_known=16.5,
        coverage95_known=1.0,
    ),
    Narrowing(
        registry="North",
        known="its people at entry",
        rows=1,
        width=20.0,
        width_known=15.0,
        interval_score=22.0,
        interval_score_known=16.5,
        coverage95_known=0.0,
    ),
)


def validation(figures=FIGURES, forecasts=FORECASTS, narrowing=NARROWING):
    return RegistryCrossValidation(
        forecasts=forecasts,
        figures=figures,
        narrowing=narrowing,
        provenance=_provenance("population cross-validate"),
    )


def checked(*, registry="a registry not yet seen"):
    rows = (
        _target("ours-1", "ais", 0.3, 0.4, (0.2, 0.6), Parts(chance=0.06, parameters=0.03, registry=0.08, structure=0)),
        _target("ours-2", "uems", 40.0, 24.0, (15.0, 33.0), Parts(chance=3, parameters=1, registry=4, structure=0.5)),
        _target("ours-3", "uems", 25.0, 24.0, (15.0, 33.0), Parts(chance=3, parameters=1, registry=4, structure=0.5)),
    )
    summary = CheckSummary(
        n=3,
        n_predicted=3,
        coverage95=2 / 3,
        interval_score={"ais": 0.4, "uems": 158.0},
        rmse={"ais": 0.1, "uems": 11.3},
        rmse_if_nobody_changed={"ais": 0.3, "uems": 13.0},
        where_emsci_can_be_copied=CopyComparison(n=1, rmse={"ais": 0.1}, rmse_if_copied={"ais": 0.12}),
    )
    return PopulationCheck(registry=registry, targets=rows, summary=summary, provenance=_provenance("population check"))


def _target(name, measure, observed, predicted, interval, parts):
    return TargetCheck(
        target_id=name,
        source="ours",
        measure=measure,
        category="B-E" if measure == "ais" else "",
        baseline_ais="A",
        levels="C1-T1",
        followup_day=365.0,
        n=50.0,
        observed=observed,
        predicted=predicted,
        low95=interval[0],
        high95=interval[1],
        mcse=0.01,
        parts=parts,
        unchanged=0.0,
        copied=None,
    )


def read_again(result):
    return read_result(result.to_dict())
