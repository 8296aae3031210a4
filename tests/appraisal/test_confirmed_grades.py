"""Natural recovery by confirmed grades: two examinations of a day must agree, at baseline and at follow-up."""

from dataclasses import replace

import numpy as np
import pytest

from cordwise.appraisal.natural_recovery import (
    Effort,
    entrants,
    followed,
    improvement_by_baseline_day,
    retest_upgrades,
)
from cordwise.appraisal.run import appraise
from cordwise.appraisal.study import read_study
from cordwise.base.errors import InputError
from cordwise.base.provenance import to_json
from cordwise.base.randomness import Streams
from cordwise.isncsci import AIS, level_index
from cordwise.patient.counterfactual import without_cells
from cordwise.population.entry import Entry
from cordwise.population.posterior import load_posterior
from cordwise.present.presenters import read_result
from cordwise.present.study.text import answer
from example_appraisal import DRAWS, PATIENTS, STUDIES, appraised

ONCE = Entry((level_index("C1"), level_index("C8")), (AIS.A, AIS.B, AIS.C), (45.0, 45.0))
TWICE = replace(ONCE, confirmed=True)
A, B, C = range(3)


def sets_of(count):
    return load_posterior().spread(count)[0]


def share(found):
    """Return the share of each grade that has improved, people of all sets together, with its Monte Carlo error."""
    n = found.selected.sum(axis=0)
    p = found.improved[:, :, 0].sum(axis=0) / n
    return p, np.sqrt(p * (1 - p) / n)


def improved(entry, effort, streams, *, sets=None, min_grades=1):
    who = entrants(sets or sets_of(effort.draws), streams, entry, people_of_each=effort.patients)
    seen = followed(who, [183.0], streams, {"": without_cells()}, twice=entry.confirmed)[""]
    return who.improvement(seen, min_grades)


def written(tmp_path, **keys):
    text = (STUDIES / "honmou2021.toml").read_text()
    given = "\n".join(f"{key} = {value}" for key, value in keys.items())
    path = tmp_path / "study.toml"
    path.write_text(text.replace("improved_grades = 1", f"improved_grades = 1\n{given}"))
    return path


@pytest.fixture(scope="module")
def confirmed(tmp_path_factory):
    path = written(tmp_path_factory.mktemp("confirmed"), confirmed="true")
    return appraise(path, draws=DRAWS, patients=PATIENTS, seed=1)


def test_confirmed_late_conversions_of_a_are_fewer_by_about_what_a_retest_would_convert():
    effort, streams = Effort(12, 3000), Streams(4)
    once, error = share(improved(ONCE, effort, streams))
    twice, other = share(improved(TWICE, effort, streams))
    assert (twice < once - 4 * np.hypot(error, other)).all()
    who = entrants(sets_of(effort.draws), streams, ONCE, people_of_each=effort.patients)
    by_retest, noise = share(retest_upgrades(who, streams, ONCE))
    assert abs(once[A] - twice[A] - by_retest[A]) < 0.03 + 4 * noise[A]
    assert twice[A] < 0.7 * once[A]


def test_a_retest_hardly_ever_confirms_a_higher_grade():
    streams = Streams(4)
    once, twice = (
        share(retest_upgrades(entrants(sets_of(6), streams, entry, people_of_each=2000), streams, entry))[0]
        for entry in (ONCE, TWICE)
    )
    assert (twice < 0.5 * once).all()


def test_without_noise_of_examining_every_grade_is_confirmed():
    names = [name for name in sets_of(1)[0]._fields if name.endswith(("rater_noise", "visit_noise"))]
    assert len(names) == 7
    still = tuple(each._replace(**dict.fromkeys(names, 0.0)) for each in sets_of(3))
    once, twice = (improved(entry, Effort(3, 800), Streams(5), sets=still) for entry in (ONCE, TWICE))
    np.testing.assert_array_equal(once.selected, twice.selected)
    np.testing.assert_array_equal(once.improved, twice.improved)
    assert once.improved.sum() > 0


def test_who_enters_twice_graded_entered_once_graded_too_with_the_same_first_examination():
    streams = Streams(6)
    once, twice = (entrants(sets_of(4), streams, entry, people_of_each=1000) for entry in (ONCE, TWICE))
    known = np.isin(once.people.patients.ids, twice.people.patients.ids)
    np.testing.assert_array_equal(once.people.patients.ids[known], twice.people.patients.ids)
    np.testing.assert_array_equal(once.grade[known], twice.grade)
    assert 0.6 < known.mean() < 0.98
    natural = {"": without_cells()}
    first = followed(once[np.flatnonzero(known)], [183.0], streams, natural)[""]
    both = followed(twice, [183.0], streams, natural, twice=True)[""]
    np.testing.assert_array_equal(first.muscles, both.muscles)
    assert (both.ais <= first.ais).all()


def test_a_curve_over_days_of_baseline_counts_confirmed_grades_as_each_day_alone_does():
    entries = [replace(TWICE, baseline_days=(day, day)) for day in (7.0, 45.0)]
    curve = improvement_by_baseline_day(sets_of(3), Streams(9), entries, 183.0, people_of_each=500, min_grades=1)
    for entry, of_the_curve in zip(entries, curve, strict=True):
        alone = improved(entry, Effort(3, 500), Streams(9))
        for name in ("improved", "selected", "effective"):
            np.testing.assert_array_equal(getattr(of_the_curve, name), getattr(alone, name), err_msg=name)


def test_an_appraisal_by_confirmed_grades_expects_fewer_and_says_so(confirmed):
    (once,), (twice,) = appraised("honmou2021").arms, confirmed.arms
    assert twice.expected_improved < 0.8 * once.expected_improved
    for row, other in zip(twice.by_grade, once.by_grade, strict=True):
        assert row.probability < other.probability
    assert "examined twice on days 45 to 50 and again twice on day 220" in answer(confirmed)
    assert "by the grades of both examinations" in answer(confirmed)
    assert sum("confirmed" in row.what for row in confirmed.assumptions) == 2
    assert to_json(confirmed.to_dict()).count('"confirmed": true') == 1


def test_a_confirmed_appraisal_is_read_back_as_it_was_written(confirmed):
    assert read_result(confirmed.to_dict()).study == confirmed.study


def test_grades_of_one_examination_are_what_they_were_and_are_not_spoken_of(tmp_path):
    plain = appraised("honmou2021")
    said = appraise(written(tmp_path, confirmed="false"), draws=DRAWS, patients=PATIENTS, seed=1)
    assert said.arms == plain.arms
    assert said.translation == plain.translation
    assert "twice" not in answer(plain)
    assert "confirm" not in to_json(plain.to_dict())


def test_confirmed_is_true_or_false(tmp_path):
    with pytest.raises(InputError, match=r'examination\.confirmed: expected true or false, found "yes"'):
        read_study(written(tmp_path, confirmed='"yes"'))
