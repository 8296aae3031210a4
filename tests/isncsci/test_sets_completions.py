"""The sets of answers against the union of the answers to all completions: the heart of the tests for open scores."""

import numpy as np
import pytest

from cordwise.isncsci import OUTPUTS, NonKeyZpp, classify_recorded
from reference.isncsci_completions import answers_of_completions
from reference.isncsci_open_exams import random_open_exams

RULES = list(NonKeyZpp)


def sets_of(found):
    """The sets of a batch, outputs in the order of `OUTPUTS`."""
    columns = [
        *found.sensory_level.T,
        *found.motor_level.T,
        found.neurological_level,
        found.complete,
        found.ais,
        *found.sensory_zpp.T,
        *found.motor_zpp.T,
    ]
    return np.array(columns, np.int64).T


def disagreements(exams, rule):
    """Rows and outputs in which the sets or the tags of a batch differ from those of all completions."""
    found = classify_recorded(exams, non_key_zpp=rule)
    assumed, _ = answers_of_completions(exams, assumed=True, rule=rule)
    examined, _ = answers_of_completions(exams, assumed=False, rule=rule)
    tags = found.tagged[:, None].astype(np.int64) >> np.arange(len(OUTPUTS)) & 1
    wrong = {"set": sets_of(found) != assumed, "tag": tags != (assumed != examined)}
    return [(what, row, OUTPUTS[output]) for what in wrong for row, output in np.argwhere(wrong[what]).tolist()]


@pytest.mark.parametrize("rule", RULES)
def test_sets_and_tags_are_those_of_all_completions(rule):
    exams = random_open_exams(RULES.index(rule), 2_000, most_completions=400)
    assert disagreements(exams, rule) == []


@pytest.mark.slow
@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("seed", range(10, 12))
def test_sets_and_tags_are_those_of_all_completions_in_many_exams(rule, seed):
    for part in range(5):
        exams = random_open_exams([seed, part], 1_000, most_completions=1_500)
        assert disagreements(exams, rule) == []


def test_the_open_examinations_reach_many_sets_of_every_output():
    exams = random_open_exams(5, 4_000, most_completions=400)
    by_rule = {rule: sets_of(classify_recorded(exams, non_key_zpp=rule)) for rule in RULES}
    sets = by_rule[NonKeyZpp.STANDARD]
    several = (sets & (sets - 1) != 0).mean(axis=0)
    assert (several > 0.1).all(), several
    assert len(np.unique(sets[:, OUTPUTS.index("ais")])) > 15
    tags = classify_recorded(exams).tagged
    assert all((tags >> output & 1).mean() > 0.02 for output in range(len(OUTPUTS)))
    zones = [answers[:, -2:] for answers in by_rule.values()]
    assert all((first != second).sum() > 20 for first, second in zip(zones, zones[1:] + zones[:1], strict=True))
