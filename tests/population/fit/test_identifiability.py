import pytest

from cordwise.patient.parameters import free_rows
from cordwise.population.fit.identifiability import learned_markdown, what_was_learned
from cordwise.population.posterior import shipped_fit
from small_population import small_fit


@pytest.mark.parametrize(
    ("shift", "spread", "verdict"),
    [(0, 1, "prior"), (0, 0.3, "learned"), (2, 0.3, "learned, moved"), (2, 0.9, "moved, not narrowed")],
)
def test_a_parameter_is_named_after_what_the_fit_did_to_its_prior(shift, spread, verdict):
    lines = [
        line for line in what_was_learned(small_fit(400, shift=shift, spread=spread)) if line.name == "lesion_width_mm"
    ]
    assert [line.verdict for line in lines] == [verdict]
    assert lines[0].narrowing == pytest.approx(spread, rel=0.15)
    assert lines[0].move == pytest.approx(shift, abs=0.2)


def test_every_fitted_parameter_of_the_shipped_ensemble_has_a_line():
    lines = what_was_learned(shipped_fit())
    assert [line.name for line in lines] == [row.name for row in free_rows()]
    assert learned_markdown(lines).count("\n") == len(lines) + 1
    assert any(line.verdict.startswith("learned") for line in lines)
