"""The code of every page runs as it is written, in an empty folder.

Fewer parameter sets are used here than a reader has: numbers differ and time is saved. Pages that simulate
more than one design run with the slow tests.
"""

import pytest

import cordwise as cw
from docs.pages import DOCS, PAGES, blocks, run

_SLOW = (
    "how-to/appraise-your-own-study.md",
    "how-to/compare-designs.md",
    "how-to/read-results-elsewhere.md",
    "how-to/search-designs.md",
    "how-to/write-a-design.md",
    "index.md",
    "tutorials/statistician.md",
)
_RUNNABLE = [page for page in PAGES if any(block.language == "python" for block in blocks(page))]


def _case(page):
    name = page.relative_to(DOCS).as_posix()
    return pytest.param(page, id=name, marks=[pytest.mark.slow] if name in _SLOW else [])


@pytest.mark.parametrize("page", [_case(page) for page in _RUNNABLE])
def test_the_code_of_a_page_runs(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for simulate in (cw.simulate_trial, cw.compare_trials, cw.search_designs):
        monkeypatch.setitem(simulate.__kwdefaults__, "sets", 10)
    for answer in (cw.appraise, cw.check_population):
        monkeypatch.setitem(answer.__kwdefaults__, "draws", 20)
    run(page)
