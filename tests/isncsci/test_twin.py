"""The compiled rules against the plain ones, over many random examinations of the shapes that injuries have."""

from collections import Counter

import numpy as np
import pytest

from cordwise.isncsci import classify_exams, total_scores
from cordwise.isncsci.set_names import TOTAL_NAMES
from reference import isncsci_plain
from reference.isncsci_exams import answers, as_plain, random_exams

COUNT = 20_000


@pytest.fixture(scope="module")
def exams():
    return random_exams(seed=2019, count=COUNT)


def test_compiled_rules_agree_with_the_plain_ones(exams):
    disagreements = []
    for found, plain in zip(answers(exams), as_plain(exams), strict=True):
        expected = isncsci_plain.classify(plain)
        expected["totals"] = {name: str(total) for name, total in isncsci_plain.totals(plain).items()}
        if {name: found[name] for name in expected} != expected:
            disagreements.append((plain, expected, found))
    assert not disagreements, disagreements[0]


def test_the_random_examinations_reach_every_rule(exams):
    found = answers(exams)
    assert min(Counter(exam["ais"] for exam in found)[grade] for grade in "ABCDE") > 100
    assert len({exam["nli"] for exam in found}) == 29  # C1 to S3 and intact; no level can be S4-5
    assert sum(exam["motor_right"] == "S3" and exam["sensory_right"] == "INT" for exam in found) > 20


def test_totals_alone_are_the_totals_of_the_classification(exams):
    alone, together = total_scores(exams), classify_exams(exams).totals
    for name in TOTAL_NAMES.values():
        np.testing.assert_array_equal(getattr(alone, name), getattr(together, name))
