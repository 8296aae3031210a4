"""How verifications and benchmarks of the engine become JSON, text, a page and tables."""

from cordwise.base.codec import from_plain, to_plain
from cordwise.cord.verification.result import EngineBenchmark, EngineVerification
from cordwise.present.engine import tables, text
from cordwise.present.presenters import Presenter, named

_PAGES = "cordwise.present.engine.page"

VERIFICATION = Presenter(
    to_dict=to_plain,
    from_dict=lambda values: from_plain(EngineVerification, values),
    text=text.verification_text,
    page=named(f"{_PAGES}:verification_page"),
    parts={"presets": tables.preset_rows, "quantities": tables.quantity_rows},
)
BENCHMARK = Presenter(
    to_dict=to_plain,
    from_dict=lambda values: from_plain(EngineBenchmark, values),
    text=text.benchmark_text,
    page=named(f"{_PAGES}:benchmark_page"),
    parts={"solvers": tables.solver_rows},
)
