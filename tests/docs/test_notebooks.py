"""The notebooks run from the first cell to the last, as a reader would run them."""

import pytest

from docs.pages import DOCS

nbformat = pytest.importorskip("nbformat", reason="notebooks run with the docs group installed")
nbclient = pytest.importorskip("nbclient", reason="notebooks run with the docs group installed")
NOTEBOOKS = sorted(DOCS.rglob("*.ipynb"))


@pytest.mark.filterwarnings("default")  # those of the kernel and its transport are not ours
@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.name)
def test_the_notebook_runs(notebook, tmp_path):
    cells = nbformat.read(notebook, as_version=4)
    place = {"metadata": {"path": str(tmp_path)}}
    nbclient.NotebookClient(cells, timeout=120, kernel_name="python3", resources=place).execute()


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.name)
def test_the_notebook_is_kept_without_outputs(notebook):
    cells = nbformat.read(notebook, as_version=4).cells
    assert all(not cell.get("outputs") and cell.get("execution_count") is None for cell in cells)
