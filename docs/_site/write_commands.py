"""Write the reference of the commands from what the program says of itself; `--check` only asks if it is current."""

import re
import sys
from pathlib import Path

from cordwise.cli import app

PAGE = Path(__file__).parents[1] / "reference" / "commands.md"
OPENING = """# Commands

What `cordwise --help` and the help of every command say, on one page. Wherever a file is asked for, the name of a
shipped example serves too. A command ends with 0 when it is done, 2 when something in the input has to be changed,
3 when the model could not be solved and 130 when it was interrupted.

<!-- Written by docs/_site/write_commands.py from the program itself; do not edit. -->
"""


def page() -> str:
    """Return the page: the program's own documentation under an opening of ours, without its table of contents."""
    text = app.generate_docs(output_format="markdown")
    text = re.sub(r"\A# .*?(?=\*\*Commands\*\*)", "", text, flags=re.DOTALL)
    return OPENING + "\n" + text.rstrip() + "\n"


def main() -> int:
    """Write the page, or with `--check` return 1 where it is not what the program says."""
    current = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    if "--check" not in sys.argv:
        PAGE.write_text(page(), encoding="utf-8")
    elif page() != current:
        sys.exit("docs/reference/commands.md is not what the program says; `make docs` writes it again.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
