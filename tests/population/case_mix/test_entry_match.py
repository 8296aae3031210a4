"""Tables that cannot be met, or only by a handful: which rows are off, how far, and what still counts."""

from dataclasses import replace

import numpy as np
import pytest

from cordwise.base.errors import InputError
from cordwise.base.randomness import Streams
from cordwise.evidence import packaged_targets
from cordwise.isncsci import level_index
from cordwise.population.case_mix.entry_match import Weighed, entry_match
from cordwise.population.case_mix.match import CaseMixMatch, MatchedRow
from cordwise.population.case_mix.weights import BaselineTable
from cordwise.population.target_predictions import predict_targets
from small_population import small_fit

POPULATION = small_fit(between=0.3).unseen
WHOLE = {
    "source": "a registry", "baseline_ais": "A-D", "baseline_grade_low": 0, "baseline_grade_high": 3,
    "levels": "C1-S5", "level_first": 0, "level_last": level_index("S4-5"), "baseline_day_min": 7.0,
    "baseline_day_max": 21.0, "followup_day": 14.0, "category": "", "category_low": 0, "category_high": 4,
    "is_improvement": False,
}  # fmt: skip


def mean(name, measure, value, **changes):
    """A mean of everybody at entry, unless the changes say otherwise."""
    given = {"target_id": name, "measure": measure, "statistic": "mean", "value": value, "sd": np.nan, "n": 100.0}
    return replace(packaged_targets()[0], **(WHOLE | given | changes))


def share(grades, value, **changes):
    """The share of everybody at entry that some grades hold, named after them."""
    low, high = ("ABCDE".index(grade) for grade in (grades[0], grades[-1]))
    own = {
        "baseline_ais": grades, "baseline_grade_low": low, "baseline_grade_high": high,
        "category": grades, "category_low": low, "category_high": high, "statistic": "proportion",
    }  # fmt: skip
    return mean(grades, "ais", value, **(own | changes))


def match_of(*rows, draws=3, patients=400):
    table = BaselineTable(rows)
    asked = [mean("later", "uems", 30.0, followup_day=365.0)]
    return predict_targets(asked, POPULATION, Streams(5), draws=draws, patients=patients, case_mix=table).entry


def faults_of(do):
    with pytest.raises(InputError) as raised:
        do()
    return list(raised.value.faults)


def test_shares_that_sum_to_more_than_one_are_refused_by_name_with_other_faults_of_the_table():
    rows = (share("A", 0.6), share("B", 0.3), share("C-D", 0.3), mean("nobody", "uems", 20.0, n=0.0))
    nobody, sums = faults_of(lambda: BaselineTable(rows))
    assert (nobody.where, nobody.found) == ("case mix, nobody, n", "0")
    assert sums.where == "case mix, A, B, C-D, value"
    assert sums.found == "0.6 + 0.3 + 0.3 = 1.2"


@pytest.mark.parametrize(
    "rows",
    [
        (share("A", 0.333), share("B", 0.333), share("C", 0.336)),
        (share("A", 0.34), share("B", 0.34), share("C-D", 0.33)),  # as rounding in print allows
        (share("A", 0.6), share("A-B", 0.9), share("C", 0.1)),  # groups within one another
        (share("A", 0.7), share("B", 0.7, baseline_day_min=1.0, baseline_day_max=3.0, followup_day=2.0)),
    ],
)
def test_shares_that_can_hold_together_are_taken(rows):
    assert BaselineTable(rows).rows == rows


def test_every_family_of_contradictory_shares_is_named():
    other = {"baseline_day_min": 1.0, "baseline_day_max": 3.0, "followup_day": 2.0}
    rows = [share(grade, 0.7, **days) for days in ({}, other) for grade in "AB"]
    assert [fault.found for fault in faults_of(lambda: BaselineTable(tuple(rows)))] == ["0.7 + 0.7 = 1.4"] * 2


@pytest.mark.parametrize("value", [np.nan, 1.2])
def test_a_share_that_is_none_is_refused(value):
    assert [fault.where for fault in faults_of(lambda: BaselineTable((share("A", value),)))] == ["case mix, A, value"]


def test_a_table_without_rows_is_refused():
    assert [fault.found for fault in faults_of(lambda: BaselineTable(()))] == ["none"]


def test_one_row_of_five_people_is_met_within_its_own_error_and_keeps_nearly_everybody():
    found = match_of(mean("few", "uems", 40.0, n=5.0))
    assert found.missed[0] < 2
    assert found.effective_share > 0.7
    assert found.used.all()


def test_a_row_without_a_number_counts_as_one_of_a_hundred_people():
    unstated, hundred = (match_of(mean("row", "uems", 28.0, n=n)) for n in (np.nan, 100.0))
    assert unstated.weighted[0] == hundred.weighted[0]
    assert unstated.missed[0] == hundred.missed[0]


def test_rows_that_contradict_each_other_are_told_with_how_far_they_are_off():
    everybody = {"baseline_ais": "all", "baseline_grade_high": 4, "level_last": 99}  # the intact too
    low, high = (mean(name, "uems", value, **everybody) for name, value in (("low", 28.0), ("high", 39.0)))
    rows = match_of(low, high).in_figures().missed
    assert [row.target_id for row in rows] == ["low", "high"]
    assert all(row.missed_se > 2 for row in rows)
    assert "row low, uems 28: simulated people can be weighed to 3" in rows[0].words
    assert f"off by {rows[0].missed_se:.1f} standard errors" in rows[0].words


def test_every_row_beyond_what_anybody_has_is_refused_at_once():
    strong = mean("strong", "uems", 49.0, sd=0.5, n=50.0, levels="C3-C3", level_first=2, level_last=2)
    strong = replace(strong, baseline_grade_high=0, baseline_ais="A")
    gone = share("A", 0.4, levels="S4-5", level_first=level_index("S4-5"))
    faults = faults_of(lambda: match_of(strong, mean("fine", "uems", 36.0), gone))
    assert [fault.where for fault in faults][-2:] == ["case mix, strong, value", "case mix, A, value"]
    assert "uems of 0 to " in faults[-2].expected
    assert "expected nobody, as among the simulated patients who enter" in str(faults[-1])
    assert "standard errors off" in faults[-2].found


def test_a_row_that_empties_its_group_is_told_however_many_others_count():
    strong = mean("strong", "lems", 14.0, sd=0.1, n=50.0, baseline_grade_high=0, baseline_ais="A")
    found = match_of(strong, mean("fine", "uems", 36.0))
    assert found.effective_share > 0.5
    assert [row.target_id for row in found.in_figures().missed] == ["strong"]


def test_a_row_that_a_handful_of_its_group_carry_is_told():
    thin = replace(weighed(np.ones(300), 30.0), kept=np.array([0.01]))
    (row,) = entry_match(BaselineTable((mean("row", "uems", 30.0),)), [thin]).in_figures().missed
    assert row.words.endswith("off by 0.0 standard errors; only 1.0 % of those in its group still count")


def test_a_row_of_a_group_in_which_nobody_is_simulated_is_told_and_bends_nothing():
    alone = match_of(mean("row", "uems", 28.0))
    found = match_of(mean("row", "uems", 28.0), mean("gone", "uems", 30.0, level_first=1, level_last=0))
    assert found.weighted[0] == alone.weighted[0]
    assert [row.words for row in found.in_figures().missed] == ["row gone, uems 30: nobody simulated is in its group"]


def test_a_table_that_hardly_anybody_resembles_names_every_row_that_is_off():
    strong, weak = mean("strong", "uems", 49.0, sd=0.5, n=5000.0), mean("weak", "lems", 2.0, sd=0.5, n=5000.0)
    overall, *others = faults_of(lambda: match_of(strong, weak, share("A", 0.95, n=5000.0)))
    assert overall.where == "case mix"
    assert "would still count" in overall.found
    assert {fault.where for fault in others} == {f"case mix, {name}, value" for name in ("strong", "weak", "A")}


def weighed(weights, reads):
    """People of one parameter set, of whom the one row reads the given number after weighing."""
    one = np.ones(1)
    return Weighed(np.array(weights, float), 20 * one, reads * one, one, 0 * one, 50 * one, one)


def test_a_set_that_a_handful_of_its_people_carry_does_not_count():
    alike, handful = np.ones(300), np.r_[np.full(3, 100.0), np.zeros(297)]
    found = entry_match(BaselineTable((mean("row", "uems", 30.0),)), [weighed(alike, 30.0), weighed(handful, 40.0)])
    assert found.used.tolist() == [True, False]
    assert found.weighted[0] == 30.0
    assert found.effective_share == pytest.approx(0.5)
    told = found.in_figures()
    assert (told.effective_sets, told.sets) == (1, 2)
    assert told.effective_people == told.effective_people_least == pytest.approx(300)
    assert "1 of 2 parameter sets count" in told.kept_words


def test_sets_into_which_few_or_nobody_enter_are_no_reason_to_refuse_a_table():
    few, nobody = weighed(np.ones(3), 30.0), weighed(np.zeros(0), np.nan)
    found = entry_match(BaselineTable((mean("row", "uems", 30.0),)), [few, nobody])
    assert found.used.tolist() == [True, False]
    assert found.effective_share == pytest.approx(1.0)


def test_where_nobody_enters_the_match_is_not_known():
    told = entry_match(BaselineTable((mean("row", "uems", 30.0),)), [weighed(np.zeros(0), np.nan)]).in_figures()
    assert told.effective_share is told.effective_people is None
    assert told.effective_sets == 0
    assert list(told.lines()) == []


def test_a_match_of_an_earlier_version_is_told_as_far_as_it_goes():
    told = CaseMixMatch(0.4, (MatchedRow("row", "uems", 30.0, 20.0, 29.0),))
    assert list(told.lines()) == ["Weighed to the case mix at entry: 40 % of the simulated patients still count."]
