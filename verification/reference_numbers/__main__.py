"""Print whether cordwise agrees with a table of reference numbers, row by row, none missing.

    python -m verification.reference_numbers [TABLE.csv]

Without a table the one beside this file is used.  The exit code is 1 where a row disagrees or fails.
"""

import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from verification.reference_numbers.agreement import TABLE, compare, rows


def main(arguments: Sequence[str]) -> int:
    """Print a line for each row and the counts."""
    table = Path(arguments[0]) if arguments else TABLE
    start, verdicts = time.perf_counter(), Counter()
    for row in rows(table):
        found = compare(row)
        verdicts[found.verdict] += 1
        print(f"{found.verdict:15} {found.name:40} {found.reason}".rstrip(), flush=True)
    counts = ", ".join(f"{count} {verdict}" for verdict, count in verdicts.most_common())
    print(f"{sum(verdicts.values())} rows: {counts}; {time.perf_counter() - start:.0f} s")
    return 1 if verdicts["disagrees"] or verdicts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
