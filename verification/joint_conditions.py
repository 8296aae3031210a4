"""Print how often parameters drawn together violate the conditions that every cord keeps.

`python verification/joint_conditions.py --draws 10000 --out joint_conditions.json` draws rates over the 90% ranges of
the parameter table, and lesions of all severities and widths, and simulates both species for 90 days on both axes.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from cordwise.base.codec import to_plain
from cordwise.base.progress import progress
from cordwise.base.provenance import to_json
from cordwise.base.randomness import Streams
from cordwise.experiment.joint_conditions import CONDITIONS, JointConditions, joint_conditions
from cordwise.present.columns import columns


def main() -> int:
    """Draw, simulate, print the table and write the result."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--draws", type=int, default=10_000, help="parameter sets of each species")
    asked.add_argument("--share", type=float, default=1.0, help="share of the 90%% ranges over which they are drawn")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--out", type=Path, help="file for the result (JSON)")
    options = asked.parse_args()
    started = time.monotonic()
    with progress("draws", 4 * options.draws) as advance:
        result = joint_conditions(options.draws, Streams(options.seed), share=options.share, advance=advance)
    print("\n".join(columns(list(_rows(result)))))
    print(f"Draws that violate each condition (Monte Carlo standard error); {options.draws} draws of each species.")
    print(f"{time.monotonic() - started:.0f} s", file=sys.stderr)
    if options.out is not None:
        options.out.write_text(to_json({"kind": "joint_conditions", **to_plain(result)}), encoding="utf-8")
    return 0


def _rows(result: JointConditions) -> Iterator[tuple[str, ...]]:
    """Yield a heading, then a row for each species and axis."""
    yield ("cord", "axis", *CONDITIONS, "any")
    for cord in result.cords:
        shown = (f"{100 * rate.rate:.2f}% ({100 * rate.mcse:.2f})" for rate in cord.rates)
        yield (cord.species, cord.resolution, *shown)


if __name__ == "__main__":
    sys.exit(main())
