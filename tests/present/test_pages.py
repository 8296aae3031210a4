"""What every report does, whatever result it shows."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from cordwise.base.assumptions import Assumption
from cordwise.base.errors import InputError
from cordwise.present.html.page import STATUS_WORDS
from cordwise.present.html.render import NOTICE
from cordwise.present.presenters import read_result, report_html
from example_appraisal import appraised
from example_life import helped
from trial_bank import findings_of, result_of

RESULTS = {
    "appraisal": lambda: replace(appraised("honmou2021"), patient=None),  # drawn on the patient's own page
    "patient": helped,
    "trial": lambda: result_of(findings_of(replicates=40)),
}
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


@pytest.fixture(scope="module", params=RESULTS)
def page(request):
    return report_html(RESULTS[request.param]())


def test_a_report_parses_and_every_link_within_it_leads_somewhere(page):
    reading = Reading(page)
    assert {"Question", "Answer", "Credibility", "Provenance"} <= set(reading.headings)
    targets = {attributes["href"] for attributes in reading.named("a") if attributes["href"].startswith("#")}
    identifiers = [attributes["id"] for _, attributes in reading.tags if "id" in attributes]
    assert len(identifiers) == len(set(identifiers))
    assert {target.removeprefix("#") for target in targets} <= set(identifiers)


def test_a_report_loads_nothing_from_anywhere(page):
    reading = Reading(page)
    assert not reading.named("script")
    assert not reading.named("link")
    loaded = {value for _, attributes in reading.tags for name, value in attributes.items() if name in LOADERS}
    assert not [value for value in loaded if not value.startswith("data:")]
    assert not re.search(r"@import|url\((?!#)|expression\(", page)
    policy = next(item["content"] for item in reading.named("meta") if "http-equiv" in item)
    assert "default-src 'none'" in policy


def test_a_report_says_what_it_is_not_for(page):
    text = "".join(Reading(page).words)
    assert text.count(NOTICE) == 2
    assert "Not for decisions about a patient's care." in NOTICE


def test_every_drawing_has_a_text_alternative(page):
    reading = Reading(page)
    drawings = reading.named("svg")
    assert drawings
    identifiers = {attributes["id"] for _, attributes in reading.tags if "id" in attributes}
    for drawing in drawings:
        assert drawing["role"] == "img"
        assert set(drawing["aria-labelledby"].split()) <= identifiers


def test_every_status_is_marked_apart_and_an_unknown_one_is_shown_as_written():
    statuses = [*STATUS_WORDS, "as given"]
    rows = tuple(Assumption(what="a", value=1, source="b", status=status) for status in statuses)
    page = report_html(replace(appraised("honmou2021"), patient=None, assumptions=rows))
    marks = [item.get("class", "") for item in Reading(page).named("span")]
    for status in STATUS_WORDS:
        assert f"status status-{status}" in marks
        assert f".status-{status}" in page
    assert 'class="status status-other">as given<' in page


def test_parts_missing_from_a_result_are_named_as_missing():
    assert report_html(replace(appraised("honmou2021"), patient=None)).count("Not part of this result.") == 1


@pytest.mark.parametrize("values", [{"kind": "horoscope"}, {}])
def test_an_unknown_kind_is_the_users_mistake(values):
    with pytest.raises(InputError, match=r"appraisal,.* patient, population_check"):
        read_result(values)
