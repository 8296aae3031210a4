"""What changed between two examinations, in plain Python: all pairs of possible answers, by the names of levels."""

from itertools import product

from reference.isncsci_plain import ROSTRAL_TO_CAUDAL

SEGMENTS = ROSTRAL_TO_CAUDAL[:-1]
ARM = ["C4", "C5", "C6", "C7", "C8", "T1"]
GRADES = "ABCDE"


def segment(level):
    """The place of a level in the cord; an intact cord reaches down to its last segment."""
    return len(SEGMENTS) - 1 if level == "INT" else SEGMENTS.index(level)


def arm_level(level):
    """How many levels of the arm lie above a motor level, from none at C4 to five at T1."""
    return min(max(segment(level) - segment("C4"), 0), len(ARM) - 1)


def gains(before, after, place):
    """The least and the most gained over all pairs of possible answers."""
    found = [place(new) - place(old) for old, new in product(before, after)]
    return min(found), max(found)


def verdicts(before, after, judge):
    """The verdicts over all pairs of possible answers."""
    return {judge(old, new) for old, new in product(before, after)}


def improved(grades):
    def judge(old, new):
        if GRADES.index(old) + grades > GRADES.index("E"):
            return "NA"
        return "yes" if GRADES.index(new) - GRADES.index(old) >= grades else "no"

    return judge


def reached(grade):
    def judge(old, new):
        if old >= grade:
            return "NA"
        return "yes" if new >= grade else "no"

    return judge


def deteriorated(old, new):
    if old == "A":
        return "NA"
    return "yes" if new < old else "no"


def two_arm_levels(old, new):
    if arm_level(old) + 2 > arm_level("T1"):
        return "NA"
    return "yes" if arm_level(new) - arm_level(old) >= 2 else "no"


def either_side(right, left):
    if "yes" in (right, left):
        return "yes"
    return "no" if "no" in (right, left) else "NA"


def both_sides(right, left):
    if "NA" in (right, left):
        return "NA"
    return "yes" if right == left == "yes" else "no"
