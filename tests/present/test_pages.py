import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from cordwise.base.errors import InputError
from cordwise.present.html.page import STATUS_WORDS
from cordwise.present.html.render import NOTICE, render_report
from cordwise.present.pictures import patient_picture_png, readme_picture_svg
from example_results import HOSTILE_NAME, appraisal, example, patient, population_check, trial

KINDS = ("appraisal", "trial", "patient", "population_check")
HEADINGS = {
    "appraisal": (
        "Question",
        "Answer",
        "Could it have happened without cells?",
        "Natural recovery over time, by grade",
        "Why the day of the baseline examination matters",
        "How large a bias would explain the result?",
        "What the result says about the cells",
        "One simulated patient, with and without cells",
        "The study and its sources",
        "Assumptions and where each comes from",
        "Credibility",
        "Provenance",
    ),
    "trial": (
        "Question",
        "Answer",
        "Three single trials, before any average",
        "How often the trial rejects",
        "Patients through the trial",
        "How many patients each arm needs",
        "Later enrolment, and the patients it takes",
        "What each scenario assumes",
        "What the trial estimates",
        "Safety, failures and randomisation",
        "One simulated patient, with and without cells",
        "The simulation study in brief (ADEMP)",
        "The design",
        "Assumptions and where each comes from",
        "Credibility",
        "Provenance",
    ),
    "patient": (
        "Question",
        "Answer",
        "One simulated patient, with and without cells",
        "Examinations at every visit",
        "For modellers: the tissue behind the picture",
        "Credibility",
        "Provenance",
    ),
    "population_check": (
        "Question",
        "Answer",
        "Predicted against observed",
        "How far off, by measure",
        "The worst 15 targets",
        "Credibility",
        "Provenance",
    ),
}
DRAWINGS = {"appraisal": 8, "trial": 7, "patient": 4, "population_check": 1}
NO_PICTURES = appraisal() | dict.fromkeys(("patient", "timeline", "bias", "translation", "baseline_day_curve"))
LOADERS = {"src", "srcset", "xlink:href", "data", "action", "poster", "background"}
VOID = {"meta", "br", "hr", "img", "input", "link"}


class Reading(HTMLParser):
    """Collects tags, headings and text, and fails on a tag that is closed out of turn."""

    def __init__(self, html):
        super().__init__()
        self.open, self.tags, self.headings, self.words = [], [], [], []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)
        if self.open and self.open[-1] == "h2":
            self.headings.append(data.strip())

    def named(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module")
def pages():
    # The patient is drawn in two of the pages; drawing it a third time would only cost time.
    results = {kind: example(kind) for kind in KINDS}
    results["trial"]["patient"] = None
    return {kind: render_report(result) for kind, result in results.items()}


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_parses_and_holds_every_section(pages, kind):
    reading = Reading(pages[kind])
    assert tuple(heading for heading in reading.headings if heading) == HEADINGS[kind]
    targets = {attributes["href"] for attributes in reading.named("a") if attributes["href"].startswith("#")}
    identifiers = [attributes["id"] for _, attributes in reading.tags if "id" in attributes]
    assert len(identifiers) == len(set(identifiers))
    assert {target.removeprefix("#") for target in targets} <= set(identifiers)


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_loads_nothing_from_anywhere(pages, kind):
    reading = Reading(pages[kind])
    assert not reading.named("script")
    assert not reading.named("link")
    loaded = {value for _, attributes in reading.tags for name, value in attributes.items() if name in LOADERS}
    assert not [value for value in loaded if not value.startswith("data:")]
    assert not re.search(r"@import|url\((?!#)|expression\(", pages[kind])
    policy = next(item["content"] for item in reading.named("meta") if "http-equiv" in item)
    assert "default-src 'none'" in policy


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_says_what_it_is_not_for(pages, kind):
    text = "".join(Reading(pages[kind]).words)
    assert text.count(NOTICE) == 2
    assert "Not for decisions about a patient's care." in NOTICE


@pytest.mark.parametrize("kind", KINDS)
def test_every_drawing_has_a_text_alternative(pages, kind):
    reading = Reading(pages[kind])
    drawings = reading.named("svg")
    assert len(drawings) == DRAWINGS[kind]
    identifiers = {attributes["id"] for _, attributes in reading.tags if "id" in attributes}
    for drawing in drawings:
        assert drawing["role"] == "img"
        assert set(drawing["aria-labelledby"].split()) <= identifiers


def test_the_same_result_gives_the_same_bytes(pages):
    assert render_report(patient()) == pages["patient"]


def test_hostile_text_in_a_study_is_shown_and_not_run():
    result = appraisal(HOSTILE_NAME) | {"patient": None}
    result |= dict.fromkeys(("timeline", "translation", "baseline_day_curve"))
    result["arms"] = [{**result["arms"][0], "name": HOSTILE_NAME}, {**result["arms"][0], "name": "second"}]
    result["study"]["notes"] = [HOSTILE_NAME]
    reading = Reading(render_report(result))
    assert not reading.named("script")
    assert HOSTILE_NAME in "".join(reading.words)


def test_hostile_text_in_a_design_is_shown_and_not_run():
    result = trial() | {"patient": None, "answer": HOSTILE_NAME}
    result["scenarios"] = [{**row, "name": f"{HOSTILE_NAME} {row['name']}"} for row in result["scenarios"]]
    result["example_trials"] = [{**row, "ends": HOSTILE_NAME} for row in result["example_trials"]]
    result["design"] |= {"name": HOSTILE_NAME, HOSTILE_NAME: {"inner": [{"name": HOSTILE_NAME}]}}
    result["design"]["arms"] = [{"name": f"{HOSTILE_NAME} {place}"} for place in range(2)]
    reading = Reading(render_report(result))
    assert not reading.named("script")


def test_only_addresses_of_the_web_become_links(pages):
    addresses = {attributes["href"] for attributes in Reading(pages["appraisal"]).named("a")}
    assert "https://doi.org/10.0000/invented" in addresses
    assert not [address for address in addresses if not address.startswith(("https://", "#"))]
    assert "Hostile link" in pages["appraisal"]


def test_every_status_is_marked_apart(pages):
    marks = [item.get("class", "") for item in Reading(pages["appraisal"]).named("span")]
    for status in ("seen", "recalled", "fitted", "judgement"):
        assert f"status status-{status}" in marks
        assert f".status-{status}" in pages["appraisal"]
    assert set(STATUS_WORDS) >= {"seen", "recalled", "fitted", "judgement"}


def test_an_unknown_status_is_shown_as_written():
    result = trial() | {
        "patient": None,
        "assumptions": [{"what": "a", "value": 1, "source": "b", "status": "as given"}],
    }
    page = render_report(result)
    assert 'class="status status-other">as given<' in page


def test_the_verdict_is_a_badge(pages):
    assert '<span class="badge badge-above">above natural recovery</span>' in pages["appraisal"]
    unjudged = render_report(NO_PICTURES | {"verdict": "not judgeable"})
    assert '<span class="badge badge-not-judgeable">not judgeable</span>' in unjudged


def test_tables_write_rates_with_their_monte_carlo_error(pages):
    assert "0.660 (MCSE 0.007)" in pages["trial"]
    assert '<td class="number">none</td>' in pages["trial"]


def test_verification_of_a_trial_is_computed_from_theory_and_simulation():
    result = trial() | {"patient": None, "sample_size_curve": []}
    null = result["scenarios"][0]["endpoints"][0]
    null["theory_reject_rate"] = null["reject_rate"] + 7 * null["mcse"]
    assert "they differ by at most 7.0 MCSE" in render_report(result)


def test_parts_missing_from_a_result_are_named_as_missing():
    assert render_report(NO_PICTURES).count("Not part of this result.") == 5


def test_targets_without_a_prediction_are_counted_but_not_drawn():
    result = population_check()
    result["targets"][0] |= {"predicted": None, "low95": None, "high95": None}
    page = render_report(result)
    assert "Of 98 published figures, 97 could be predicted" in page


def test_the_worst_target_comes_first():
    result = population_check()
    result["targets"][40] |= {"target_id": "FAR", "observed": 1e3}
    rows = re.findall(r"<td>(T\d{3}|FAR)</td>", render_report(result))
    assert rows[0] == "FAR"
    assert len(rows) == 15


def test_an_unknown_kind_is_the_users_mistake():
    with pytest.raises(InputError, match=r"appraisal, trial,.* patient, population_check"):
        render_report({"kind": "horoscope"})
    with pytest.raises(InputError):
        render_report({})


def test_the_picture_of_a_patient_is_a_png_of_some_size():
    picture = patient_picture_png(patient())
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = (int.from_bytes(picture[at : at + 4], "big") for at in (16, 20))
    assert width > 1200
    assert height > 1800


def test_the_picture_of_the_readme_stands_alone():
    drawn = readme_picture_svg(appraisal())
    root = ElementTree.fromstring(drawn)
    assert root.get("role") == "img"
    assert "observed: 12 of 13" in drawn
    assert 'fill="#ffffff"' in drawn
    assert readme_picture_svg(appraisal()) == drawn
