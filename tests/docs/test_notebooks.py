"""The notebooks run from the first cell to the last, as a reader would run them."""

import pytest
from docs.pages import DOCS

nbformat = pytest.importorskip("nbformat", reason="notebooks run with the docs group installed")
nbclient = pytest.importorskip("nbclient", reason="notebooks run with the docs group installed")


@pytest.mark.filterwarnings("default")  # of the kernel and its transport, not ours
@pytest.mark.parametrize("notebook", sorted(DOCS.rglob("*.ipynb")), ids=lambda path: path.name)
def test_the_notebook_runs(notebook, tmp_path):
    cells = nbformat.read(notebook, as_version=4)
    nbclient.NotebookClient(
        cells, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    ).execute()


@pytest.mark.parametrize("notebook", sorted(DOCS.rglob("*.ipynb")), ids=lambda path: path.name)
def test_the_notebook_is_kept_without_outputs(notebook):
    cells = nbformat.read(notebook, as_version=4).cells
    assert all(not cell.get("outputs") and cell.get("execution_count") is None for cell in cells)
