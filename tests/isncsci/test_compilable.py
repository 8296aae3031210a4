"""A few exams are classified in plain Python and many by compiled code, to the same answers."""

from dataclasses import fields, is_dataclass

import numpy as np
import pytest

from cordwise.isncsci import classify_exams, classify_recorded, compilable, total_scores
from cordwise.isncsci.recorded import RecordedExams
from cordwise.isncsci.zpp import NonKeyZpp
from oracle.examinations import TOP_SCORES, blur
from reference.isncsci_exams import random_exams

COUNT = compilable.FEW // 2


@pytest.fixture(scope="module")
def testable():
    return random_exams(17, COUNT)


@pytest.fixture(scope="module")
def opened(testable):
    chosen = np.random.default_rng(18).random((COUNT, TOP_SCORES.size)) < 0.15
    return blur(testable, chosen, np.random.default_rng(19), tags=0.5)


def assert_same(left, right):
    for field in fields(left):
        one, other = getattr(left, field.name), getattr(right, field.name)
        if is_dataclass(one):
            assert_same(one, other)
        else:
            assert one.dtype == other.dtype
            np.testing.assert_array_equal(one, other, err_msg=field.name)


@pytest.mark.parametrize("rule", NonKeyZpp)
def test_answers_do_not_depend_on_how_many_exams_there_are(testable, opened, rule, monkeypatch):
    exams = RecordedExams.from_exams(testable)
    few = [classify_exams(testable, non_key_zpp=rule), total_scores(testable)]
    few += [classify_recorded(each, non_key_zpp=rule) for each in (exams, opened)]
    monkeypatch.setattr(compilable, "FEW", 10)
    many = [classify_exams(testable, non_key_zpp=rule), total_scores(testable)]
    many += [classify_recorded(each, non_key_zpp=rule) for each in (exams, opened)]
    for left, right in zip(few, many, strict=True):
        assert_same(left, right)


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_answers_do_not_depend_on_the_number_of_threads(opened, threads, monkeypatch):
    whole = classify_recorded(opened)
    monkeypatch.setattr(compilable, "FEW", 10)
    monkeypatch.setattr(compilable, "threads_of_compiled_code", lambda: threads)
    assert_same(classify_recorded(opened), whole)
