"""Pages of experiments and sensitivity analyses: what they say agrees with the result, and nothing breaks them."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from cordwise.experiment import read_experiment, run_experiment
from cordwise.experiment.sensitivity import run_sensitivity
from cordwise.experiment.sensitivity.subject import subject_of
from cordwise.present.experiment.conditions import effect_rows, mean_rows, short
from cordwise.present.experiment.influence import leading_rows, share_rows
from cordwise.present.experiment.page import experiment_answer
from cordwise.present.pictures import sensitivity_picture_png
from cordwise.present.presenters import read_result, report_html
from paths import ROOT

EXPERIMENT = read_experiment(ROOT / "experiments/t06_graft_timing.toml")


@pytest.fixture(scope="module")
def experiment():
    return run_experiment(EXPERIMENT, seed=1, worlds=4)


@pytest.fixture(scope="module")
def sensitivity():
    subject = subject_of(EXPERIMENT, "graft on day 3", (42.0,))
    return run_sensitivity(subject, seed=1, samples=6, mechanism_samples=32)


class _Tags(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.seen = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))


def _headings(page):
    return re.findall(r"<h2>([^<]+?)\s*</h2>", page)


def test_the_page_of_an_experiment_has_every_section(experiment):
    assert _headings(report_html(experiment)) == [
        "Question", "Answer", "What each condition changes", "Read-outs of each condition", "Over time",
        "What the read-outs mean", "Assumptions and where each comes from", "Credibility", "Provenance",
    ]  # fmt: skip


def test_the_page_of_a_sensitivity_analysis_has_every_section(sensitivity):
    assert _headings(report_html(sensitivity)) == [
        "Question", "Answer", "What decides the outcome without cells", "What decides the effect of the cells",
        "Which mechanisms make the variance", "Every outcome", "Inputs and their ranges",
        "Assumptions and where each comes from", "Credibility", "Provenance",
    ]  # fmt: skip


def test_drawings_have_text_alternatives_and_pages_load_nothing(experiment, sensitivity):
    for result, drawings in ((experiment, 3), (sensitivity, 3)):
        tags = _Tags(report_html(result)).seen
        pictures = [attributes for tag, attributes in tags if tag == "svg"]
        assert len(pictures) == drawings
        assert all(picture["role"] == "img" and picture["aria-labelledby"] for picture in pictures)
        assert not [tag for tag, _ in tags if tag in ("script", "link", "img", "iframe")]


def test_the_answer_names_every_condition_with_the_effect_of_the_result(experiment):
    answer = experiment_answer(experiment)
    for condition in experiment.conditions[1:]:
        assert f"{condition.name}: {short(condition.effect['bbb'].difference, sign=True)}" in answer


def test_rows_of_the_charts_are_those_of_the_result(experiment):
    effects = effect_rows(experiment, "bbb")
    assert [row["low"] for row in effects] == [each.effect["bbb"].low95 for each in experiment.conditions[1:]]
    means = mean_rows(experiment.conditions, "bbb")
    assert means[0]["high"] - means[0]["middle"] == pytest.approx(experiment.conditions[0].readouts["bbb"].sd)


def test_a_small_number_never_reads_nought():
    assert (short(0.0), short(4e-4), short(-4e-4), short(4.5063, sign=True)) == ("0", "< 0.001", "> −0.001", "+4.51")
    assert (short(2e5), short(71234), short(None)) == ("2 × 10⁵", "71\u202f234", "not given")


def test_leading_inputs_of_one_mechanism_stand_together(sensitivity):
    output = sensitivity.outputs[0]
    rows = leading_rows(output)
    assert {row["name"].replace(" ", "_") for row in rows} == {
        each.factor.removesuffix("_mm") for each in output.indices[:10]
    }
    marked = [row["group"] for row in rows if row["group"]]
    assert len(marked) == len(set(marked))
    assert all(row["low"] <= row["value"] <= row["high"] for row in rows)


def test_mechanisms_whose_share_is_lost_in_its_error_are_not_drawn(sensitivity):
    for output in sensitivity.mechanisms:
        assert all(row["low"] > 0 for row in share_rows(output))


def test_an_experiment_of_one_condition_and_day_is_shown_without_comparison(experiment):
    alone = replace(experiment, conditions=experiment.conditions[:1], readout_days=(42.0,))
    page = report_html(alone)
    assert "nothing can be compared" in page
    assert "Over time" not in _headings(page)


def test_a_name_in_a_file_cannot_write_into_the_page(experiment):
    name = '<script>alert("x")</script>'
    first, second, *others = experiment.conditions
    hostile = replace(experiment, name=name, conditions=(first, replace(second, name=name), *others))
    assert "<script" not in report_html(hostile)


def test_the_same_result_gives_the_same_page_and_a_picture(sensitivity):
    assert report_html(sensitivity) == report_html(sensitivity)
    assert sensitivity_picture_png(sensitivity).startswith(b"\x89PNG")


@pytest.mark.parametrize("kind", ["experiment", "sensitivity"])
def test_a_stored_result_is_read_as_what_it_was(kind, request):
    result = request.getfixturevalue(kind)
    stored = json.loads(json.dumps(result.to_dict(), allow_nan=False))
    assert next(iter(stored)) == "kind"
    again = read_result(stored)
    assert again == result
    assert again.to_dict() == result.to_dict()
    assert str(again) == str(result)


@pytest.mark.parametrize("kind", ["experiment", "sensitivity"])
def test_every_chart_is_drawn_and_every_table_has_rows(kind, request):
    result = request.getfixturevalue(kind)
    for name in result.charts:
        assert result.chart(name).to_dict()
    for part in result.parts:
        assert result.to_frame(part).height > 0


def test_the_main_table_of_an_experiment_has_a_row_for_each_condition_day_and_readout(experiment):
    frame, condition = experiment.to_frame(), experiment.conditions[1]
    assert frame.height == len(experiment.conditions) * len(experiment.readout_days) * len(condition.readouts)
    last = frame.filter(condition=condition.name, day=experiment.readout_days[-1], readout="bbb")
    assert last["difference"].item() == condition.effect["bbb"].difference
