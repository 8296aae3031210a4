"""Run the tests with every array's shape and every argument's type checked at run time, in every room.

Modules with compiled functions are left out: the compiler cannot take a function that a checker has wrapped. Their
callers are checked. Further arguments go to pytest: `python verification/shapes.py tests/trial`.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "src" / "cordwise"
COMPILES = re.compile(
    r"^(?:from numba|import numba|from cordwise\.(?:base\.compiling|cord\.engine\.compiled|isncsci\.compilable))",
    re.MULTILINE,
)
CHECKER = "typechecking.check"


def main() -> int:
    modules = ",".join([*checked_modules(), CHECKER])
    chosen = sys.argv[1:] or ["tests"]
    return subprocess.call([sys.executable, "-m", "pytest", "--jaxtyping-packages", modules, *chosen])


def checked_modules() -> Iterator[str]:
    """Yield every module without compiled functions."""
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = ("cordwise", *path.relative_to(PACKAGE).with_suffix("").parts)
        if path.stem not in {"__init__", "__main__"} and not COMPILES.search(path.read_text(encoding="utf-8")):
            yield ".".join(parts)


if __name__ == "__main__":
    sys.exit(main())
