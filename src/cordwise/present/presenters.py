"""For each kind of result who shows it: as JSON, text, page, charts and tables."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cordwise.base.errors import Fault, InputError
from cordwise.base.provenance import write_atomically
from cordwise.base.result import Result

if TYPE_CHECKING:
    import altair
    import polars

    from cordwise.present.html.page import Page

Rows = Sequence[Mapping[str, Any]]

# Named, not imported: each brings its subject and the charts with it, which are slow to import.
_HOMES: Mapping[str, str] = {
    "appraisal": "cordwise.present.study.presenter:APPRAISAL",
    "classification": "cordwise.present.exam.presenter:CLASSIFICATION",
    "cross_validation": "cordwise.present.population.presenter:CROSS_VALIDATION",
    "cross_validation_by_registry": "cordwise.present.population.presenter:REGISTRY_CROSS_VALIDATION",
    "engine_benchmark": "cordwise.present.engine.presenter:BENCHMARK",
    "engine_verification": "cordwise.present.engine.presenter:VERIFICATION",
    "escalation": "cordwise.present.trial.escalation.presenter:ESCALATION",
    "experiment": "cordwise.present.experiment.presenter:EXPERIMENT",
    "explanation": "cordwise.present.exam.presenter:EXPLANATION",
    "patient": "cordwise.present.patient.presenter:PATIENT",
    "population_check": "cordwise.present.population.presenter:POPULATION_CHECK",
    "sensitivity": "cordwise.present.experiment.presenter:SENSITIVITY",
    "sweep": "cordwise.present.trial.sweep.presenter:SWEEP",
    "trial": "cordwise.present.trial.presenter:TRIAL",
    "trial_comparison": "cordwise.present.trial.compare.presenter:COMPARISON",
    "trial_search": "cordwise.present.trial.search.presenter:SEARCH",
}


@dataclass(frozen=True, slots=True)
class Presenter:
    """How one kind of result is shown.

    `to_dict` gives the JSON values of the command, `from_dict` the result they came from; `charts` names functions from
    the result to a Vega-Lite specification, `parts` functions from the result to the rows of a table. `has_chart` says
    whether a result has something to draw in a chart: a trial without looks has no boundaries.
    """

    to_dict: Callable[[Any], dict[str, Any]]
    from_dict: Callable[[Mapping[str, Any]], Result]
    text: Callable[[Any], str]
    page: Callable[[Any], "Page"]
    charts: Mapping[str, Callable[[Any], dict[str, Any]]] = field(default_factory=dict)
    parts: Mapping[str, Callable[[Any], Rows]] = field(default_factory=dict)
    has_chart: Callable[[Any, str], bool] = lambda _result, _name: True


def named(home: str) -> Callable[[Any], Any]:
    """Return the function of a name such as `cordwise.present.trial.search.page:search_page`, imported when called.

    Pages and charts are slow to import, and a text or JSON needs neither.
    """
    module, name = home.split(":")
    return lambda result: getattr(import_module(module), name)(result)


def presenter_of(kind: object) -> Presenter:
    """Return who shows a kind of result.

    Raises
    ------
    InputError
        No result is of this kind.
    """
    if not isinstance(kind, str) or kind not in _HOMES:
        advice = "Give a results.json that a cordwise command wrote."
        raise InputError([Fault("kind", f"one of {', '.join(_HOMES)}", repr(kind), advice)])
    module, name = _HOMES[kind].split(":")
    return getattr(import_module(module), name)


def read_result(values: Mapping[str, Any]) -> Result:
    """Return the result that its JSON values describe; `kind` says which."""
    return presenter_of(values.get("kind")).from_dict(values)


def chart_names(result: Result) -> tuple[str, ...]:
    """Return the names of the charts that a result has."""
    presenter = presenter_of(result.kind)
    return tuple(name for name in presenter.charts if presenter.has_chart(result, name))


def frame(result: Result, part: str | None) -> "polars.DataFrame":
    """Return one table of a result."""
    import polars as pl

    parts = presenter_of(result.kind).parts
    rows = parts[_named(part, "part", parts)](result)
    return pl.DataFrame(rows, infer_schema_length=None)


def chart(result: Result, name: str | None) -> "altair.TopLevelMixin":
    """Return one chart of a result."""
    import altair as alt

    charts = presenter_of(result.kind).charts
    return alt.Chart.from_dict(charts[_named(name, "name", dict.fromkeys(chart_names(result)))](result))


def write_report(result: Result, path: Path) -> Path:
    """Write the report of a result and return its path."""
    write_atomically(path, report_html(result).encode())
    return path


def report_html(result: Result) -> str:
    """Return the report of a result as one self-contained HTML file: same result, same bytes."""
    from cordwise.present.html.render import render_page

    return render_page(presenter_of(result.kind).page(result))


def notebook_html(result: Result) -> str:
    """Return the text of a result as a notebook shows it."""
    return f'<pre style="white-space: pre-wrap">{escape(str(result))}</pre>'


def _named(name: str | None, argument: str, known: Mapping[str, object]) -> str:
    if name is None and known:
        return next(iter(known))
    if name is None or name not in known:
        raise InputError(
            [Fault(argument, f"one of {', '.join(known)}" if known else "nothing", repr(name), is_argument=True)]
        )
    return name
