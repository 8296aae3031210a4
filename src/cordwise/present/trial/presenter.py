"""How the simulation of a design becomes JSON, text, a page, charts and tables."""

from dataclasses import asdict
from functools import partial
from typing import Any

from cordwise.base.codec import from_plain, to_plain
from cordwise.present.presenters import Presenter, named
from cordwise.present.trial.text import adaptation_words, answer, text
from cordwise.trial.result import TrialResult

Row = dict[str, Any]


def to_dict(result: TrialResult) -> dict[str, Any]:
    """Return the JSON values, with the answer behind the question, and how the trial behaves behind its change."""
    values = to_plain(result)
    if result.adaptation is not None:
        values["adaptation"]["words"] = adaptation_words(result.adaptation)
    return {"kind": values.pop("kind"), "question": values.pop("question"), "answer": answer(result), **values}


def _chart(name: str, result: TrialResult) -> dict[str, Any]:
    from cordwise.present.trial.drawn import chart_of

    return chart_of(name, result)


def _has_chart(result: TrialResult, name: str) -> bool:
    drawn_from = {
        "boundaries": result.design.looks,
        "parameter_sets": [each for each in result.scenarios if each.sets_low95 is not None],
        "sizes": result.sample_size_curve,
        "enrolment_days": result.enrolment_days,
        "example_trials": [each for each in result.example_trials if each.estimate is not None],
    }
    return bool(drawn_from.get(name, True))


def _scenarios(result: TrialResult) -> list[Row]:
    """Return one row for each scenario."""
    return [
        {key: each for key, each in asdict(row).items() if key not in _NESTED}
        | {f"error_{part}": each for part, each in asdict(row.error).items()}
        for row in result.scenarios
    ]


def _by_set(result: TrialResult) -> list[Row]:
    """Return one row for each scenario and parameter set."""
    return [
        dict(zip(_OF_SETS, (found.scenario, *row), strict=True))
        for found in result.by_parameter_set
        for row in zip(found.parameter_set, found.reject_rate, found.without_noise, found.estimand_true, strict=True)
    ]


def _endpoints(result: TrialResult) -> list[Row]:
    """Return one row for each scenario, endpoint and treated arm; the estimate after stopping beside the others."""
    rows = []
    for scenario in result.scenarios:
        for endpoint in scenario.endpoints:
            row, adjusted = asdict(endpoint), endpoint.after_stopping
            del row["after_stopping"]
            row["median_unbiased"] = adjusted.median if adjusted else None
            row["median_unbiased_above_truth"] = adjusted.above_truth.value if adjusted else None
            row["median_unbiased_coverage"] = adjusted.coverage.value if adjusted else None
            rows.append({"scenario": scenario.name, **row})
    return rows


def _looks(result: TrialResult) -> list[Row]:
    """Return one row for each scenario and look; none where the trial has no look but its end."""
    return [{"scenario": scenario.name, **asdict(look)} for scenario in result.scenarios for look in scenario.looks]


def _examples(result: TrialResult) -> list[Row]:
    """Return one row for each example trial and look."""
    return [
        {
            **{
                f"trial_{key}" if key in _OF_LOOKS else key: each
                for key, each in asdict(trial).items()
                if key != "looks"
            },
            **asdict(look),
        }
        for trial in result.example_trials
        for look in trial.looks
    ]


_NESTED = ("looks", "endpoints", "error")
_OF_SETS = ("scenario", "parameter_set", "reject_rate", "without_noise", "estimand_true")
_OF_LOOKS = ("day", "patients", "estimate")  # that of a look, and that of the whole trial
_CHARTS = ("rates", "parameter_sets", "sizes", "outcomes", "enrolment_days", "boundaries", "endings", "example_trials")

TRIAL = Presenter(
    to_dict=to_dict,
    from_dict=lambda values: from_plain(TrialResult, values),
    text=text,
    page=named("cordwise.present.trial.page:trial_page"),
    charts={name: partial(_chart, name) for name in _CHARTS},
    parts={
        "scenarios": _scenarios,
        "endpoints": _endpoints,
        "by_parameter_set": _by_set,
        "looks": _looks,
        "sample_size": lambda result: [asdict(each) for each in result.sample_size_curve],
        "required_size": lambda result: [asdict(each) for each in result.required_size],
        "enrolment_days": lambda result: [asdict(each) for each in result.enrolment_days],
        "example_trials": _examples,
    },
    has_chart=_has_chart,
)
