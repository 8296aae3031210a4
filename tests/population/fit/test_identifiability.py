import numpy as np
import pytest

from cordwise.patient.parameters import free_rows, from_working_scale, prior_centre, to_working_scale
from cordwise.population.fit.identifiability import learned_markdown, what_was_learned
from cordwise.population.posterior import Posterior, load_posterior


def draws_around(shift: float, spread: float, count: int = 400) -> Posterior:
    """Parameter sets drawn `shift` prior SDs from the prior centre, `spread` prior SDs wide."""
    rows = free_rows()
    scale = np.array([row.prior_sd for row in rows], float)
    centre = to_working_scale(prior_centre(), rows)
    normals = np.random.default_rng(1).normal(size=(count, len(rows)))
    points = centre + scale * (shift + spread * normals)
    draws = tuple(from_working_scale(point, rows, prior_centre()) for point in points)
    return Posterior(draws[0], draws, {})


@pytest.mark.parametrize(
    ("shift", "spread", "verdict"),
    [(0, 1, "prior"), (0, 0.3, "learned"), (2, 0.3, "learned, moved"), (2, 0.9, "moved, not narrowed")],
)
def test_a_parameter_is_named_after_what_the_fit_did_to_its_prior(shift, spread, verdict):
    lines = [line for line in what_was_learned(draws_around(shift, spread)) if line.name == "lesion_width_mm"]
    assert [line.verdict for line in lines] == [verdict]
    assert lines[0].narrowing == pytest.approx(spread, rel=0.15)
    assert lines[0].move == pytest.approx(shift, abs=0.2)


def test_every_fitted_parameter_of_the_shipped_ensemble_has_a_line():
    lines = what_was_learned(load_posterior())
    assert [line.name for line in lines] == [row.name for row in free_rows()]
    assert learned_markdown(lines).count("\n") == len(lines) + 1
    assert any(line.verdict.startswith("learned") for line in lines)
