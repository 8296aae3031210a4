"""The classification beside the npm package `isncsci`: how often they differ, and which rule decides each difference.

Run `make oracle` first, then `.venv/bin/python verification/isncsci_oracle.py`. Ends with 1 where a difference is not
on the list of allowed ones.
"""

import argparse
import sys
from collections import Counter
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from cordwise.isncsci.possible import OUTPUTS, classify_recorded
from cordwise.isncsci.recorded import RecordedExams
from cordwise.isncsci.zpp import NonKeyZpp
from oracle.allowed_differences import ALLOWED
from oracle.comparison import compare
from oracle.examinations import fully_testable_kinds, open_kinds
from oracle.peer import PeerAnswers, ask_peer, texts_of, why_absent

DESCRIPTION = "How often cordwise and the npm package isncsci differ, and why."
Kinds = dict[str, RecordedExams]
Answers = dict[str, PeerAnswers]


def main() -> None:
    parser = argparse.ArgumentParser(description=DESCRIPTION)
    parser.add_argument("--exams", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if why_absent():
        sys.exit(why_absent())
    kinds = fully_testable_kinds(options.seed, options.exams // 4)
    kinds |= open_kinds(options.seed, options.exams - options.exams // 4)
    theirs = {kind: ask_peer(exams) for kind, exams in kinds.items()}
    failures = sum(tell_differences(kinds, theirs, option) for option in (NonKeyZpp.STANDARD, NonKeyZpp.PEER))
    tell_tags(kinds, theirs)
    tell_list()
    sys.exit(1 if failures else 0)


def tell_differences(kinds: Kinds, theirs: Answers, option: NonKeyZpp) -> int:
    """Print one table, and any exam that no rule explains; return how many there are."""
    found = {kind: compare(exams, option, theirs[kind]) for kind, exams in kinds.items()}
    print(f'\nExams whose answers differ, with non_key_zpp="{option}"\n')
    print(
        f"{'kind':24}{'exams':>7}  "
        + "".join(f"{short(name):>9}" for name in OUTPUTS)
        + f"{'totals':>9}{'unlisted':>9}"
    )
    for kind, comparison in found.items():
        unlisted = sum(rows.size for rows in comparison.unexplained.values())
        counts = "".join(f"{comparison.different[name]:>9}" for name in OUTPUTS)
        print(f"{kind:24}{comparison.exams:>7}  {counts}{comparison.totals_different:>9}{unlisted:>9}")
    allowed = sum((comparison.allowed for comparison in found.values()), Counter())
    for (output, name), count in sorted(allowed.items()):
        print(f"  allowed: {output:18}{count:>6}  {name}")
    for kind, comparison in found.items():
        for output, rows in comparison.unexplained.items():
            for row in rows[:1]:
                print(f"  NOT ALLOWED: {output}, {kind}: {texts_of(kinds[kind][row : row + 1])[0]}")
    return sum(rows.size for one in found.values() for rows in one.unexplained.values()) + sum(
        one.totals_different for one in found.values()
    )


def short(output: str) -> str:
    return output.replace("sensory", "sens").replace("_right", " R").replace("_left", " L").replace("zpp_", "z ")


def tell_tags(kinds: Kinds, theirs: Answers) -> None:
    """Print how often the peer's stars agree with the rule: a tag where the examined scores give another answer."""
    rows = {kind: classify_recorded(exams).tagged for kind, exams in kinds.items() if "tagged" in kind}
    tagged = np.concatenate(list(rows.values()))
    print("\nShare of tagged exams in which the peer has a star where the rule has a tag, and none elsewhere\n")
    for bit, name in enumerate(OUTPUTS):
        starred = np.concatenate([theirs[kind].starred[name] for kind in rows])
        print(f"  {name:20}{np.mean((tagged >> bit & 1).astype(bool) == starred):8.1%}")


def tell_list() -> None:
    print("\nThe differences that are allowed\n")
    for kind in ALLOWED:
        print(f"- {kind.name} ({', '.join(kind.outputs)}): {kind.decides}")


if __name__ == "__main__":
    main()
