"""The report, the text and the tables of an appraisal."""

import json
import re
from dataclasses import replace
from html import unescape
from xml.etree import ElementTree

import pytest

from cordwise.appraisal.verdict import Verdict
from cordwise.base.assumptions import Assumption
from cordwise.evidence import Citation
from cordwise.present.pictures import readme_picture_svg
from cordwise.present.presenters import read_result, report_html
from example_appraisal import appraised

HOSTILE = "<script>alert('study')</script> & \"Sons\""


@pytest.fixture(scope="module")
def sapporo():
    return appraised("honmou2021")


@pytest.fixture(scope="module")
def page(sapporo):
    return report_html(sapporo)


def test_an_appraisal_comes_back_from_its_json_as_it_was(sapporo):
    written = json.loads(json.dumps(sapporo.to_dict()))
    assert list(written)[:3] == ["kind", "question", "answer"]
    assert read_result(written).to_dict() == written
    assert str(read_result(written)) == str(sapporo)


def test_the_answer_says_the_numbers_of_the_result(sapporo):
    (arm,), said = sapporo.arms, sapporo.to_dict()["answer"]
    assert f"{arm.expected_improved:.1f} are expected to improve without cells" in said
    assert f"between {arm.predictive_low95} and {arm.predictive_high95}." in said
    assert "no control group" in said
    assert f"median {sapporo.translation.median:.2f}" in said


def test_the_text_ends_with_the_verdict_and_the_context_of_use(sapporo):
    *_, verdict, numerics, closing = str(sapporo).splitlines()
    assert verdict == "Verdict: above natural recovery."
    assert numerics == sapporo.numerics.words
    assert "not for decisions about a patient's care" in closing


def test_the_report_tells_of_every_arm_and_grade_and_draws_every_chart(sapporo, page):
    for row in sapporo.arms[0].by_grade:
        assert f">{row.expected:.1f}<" in page
    assert page.count("<svg ") == len(sapporo.charts) + 3  # of the patient: the cord, the person, the scores
    assert report_html(sapporo) == page


def test_the_verdict_is_a_badge(sapporo, page):
    assert '<span class="badge badge-above">above natural recovery</span>' in page
    unjudged = report_html(replace(sapporo, verdict=Verdict.NOT_JUDGEABLE))
    assert '<span class="badge badge-not-judgeable">not judgeable</span>' in unjudged


def test_hostile_text_in_a_study_is_shown_and_not_run(sapporo):
    arm = replace(sapporo.arms[0], name=HOSTILE)
    hostile = replace(
        sapporo,
        question=HOSTILE,
        study=replace(sapporo.study, name=HOSTILE),
        arms=(arm, replace(arm, name="second")),
        assumptions=(Assumption(what=HOSTILE, value=HOSTILE, source=HOSTILE, status=HOSTILE),),
    )
    shown = report_html(hostile)
    assert "<script" not in shown
    assert unescape(shown).count(HOSTILE) > 5


def test_only_addresses_of_the_web_become_links(sapporo):
    study = replace(sapporo.study, sources=(Citation("a link", "javascript:alert(1)", "seen"), *sapporo.study.sources))
    shown = report_html(replace(sapporo, study=study))
    assert ">a link<" in shown.replace(" ", " ")
    assert "javascript:" not in shown
    assert {each for each in re.findall(r'href="([^"#]+)"', shown) if not each.startswith("https://")} == set()


def test_a_curve_without_days_leaves_its_section_empty(sapporo):
    assert report_html(replace(sapporo, baseline_day_curve=())).count("Not part of this result.") == 1


def test_the_tables_add_up(sapporo):
    arms, grades = sapporo.to_frame("arms"), sapporo.to_frame("grades")
    assert grades["expected"].sum() == pytest.approx(arms["expected_improved"].item(), rel=1e-6)
    assert sapporo.to_frame("distribution")["probability"].sum() == pytest.approx(1)
    assert set(sapporo.to_frame("bias")["bias"]) == {"misgrading", "selection"}
    assert len(sapporo.to_frame("timeline")) == len(sapporo.timeline.days) * len(sapporo.timeline.series)
    assert len(sapporo.to_frame("translation")) == len(sapporo.translation.density)
    assert len(sapporo.to_frame("baseline_day_curve")) == len(sapporo.baseline_day_curve)


@pytest.mark.parametrize("name", ["chance", "recovery", "baseline_day", "bias", "translation"])
def test_every_chart_is_drawn_by_its_name_and_fetches_nothing(sapporo, name):
    assert name in sapporo.charts
    assert '"url"' not in sapporo.chart(name).to_json()


def test_the_picture_of_the_readme_stands_alone(sapporo):
    drawn = readme_picture_svg(sapporo)
    assert ElementTree.fromstring(drawn).get("role") == "img"
    assert "observed: 12 of 13" in drawn
    assert 'fill="#ffffff"' in drawn
    assert readme_picture_svg(sapporo) == drawn


def test_the_answer_says_in_whose_registry_the_number_is_expected(sapporo):
    (arm,) = sapporo.arms
    interval = f"(95 % interval {arm.low95:.1f} to {arm.high95:.1f} in"
    assert f"{interval} a registry not yet seen)" in sapporo.to_dict()["answer"]
    assert f"{interval} EMSCI)" in replace(sapporo, registry="EMSCI").to_dict()["answer"]


def test_what_makes_the_number_uncertain_stands_in_text_page_and_table(sapporo, page):
    (arm,) = sapporo.arms
    assert f"SDs in people: chance {arm.parts.chance:.1f}, parameters" in str(sapporo)
    assert "What makes the number in one such group uncertain" in page
    assert sapporo.to_frame("arms")["sd_registry"].to_list() == [arm.parts.registry]


def test_an_appraisal_of_the_first_version_says_nothing_of_parts(sapporo):
    old = replace(sapporo, arms=tuple(replace(arm, parts=None) for arm in sapporo.arms))
    assert "SDs in people" not in str(old)
    assert "uncertain: SDs" not in report_html(old)


def test_the_page_of_a_named_registry_does_not_say_that_its_interval_holds_how_registries_differ(sapporo):
    named = replace(sapporo, arms=tuple(replace(arm, parts=replace(arm.parts, registry=0.0)) for arm in sapporo.arms))
    said = "of the parameters, how registries differ, and"
    assert said in report_html(sapporo)
    assert said not in report_html(named)
