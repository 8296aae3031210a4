"""Where the model card and its pictures take what a run found: blocks between marks, each written by name."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

DOCS = Path(__file__).parent.parent / "docs"
CARD = DOCS / "explanation" / "model-card.md"
LEARNED = DOCS / "explanation" / "what-was-learned.md"
PICTURES = DOCS / "images"
_BLOCK = "<!-- made: {name} -->\n{body}\n<!-- end -->"


def markdown_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table; columns of numbers are set to the right."""
    lines = [
        headings,
        ["---", *("---:" if _is_number(rows, place) else "---" for place in range(1, len(headings)))],
        *rows,
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _is_number(rows: Sequence[Sequence[str]], place: int) -> bool:
    return all(not row[place] or row[place][0] in "0123456789-+\u2212" for row in rows)


def fill(page: Path, blocks: Mapping[str, str]) -> None:
    """Put blocks where a page has marks of their names.

    Raises
    ------
    ValueError
        The page has no mark of a block, or a mark that no block fills.
    """
    text = page.read_text(encoding="utf-8")
    marked = set(re.findall(r"<!-- made: (\S+) -->", text))
    if marked != set(blocks):
        raise ValueError(f"{page.name} has marks {sorted(marked)}, filled are {sorted(blocks)}")
    for name, body in blocks.items():
        pattern = re.compile(rf"<!-- made: {re.escape(name)} -->\n.*?<!-- end -->", re.DOTALL)
        block = _BLOCK.format(name=name, body=body.strip())
        text = pattern.sub(block.replace("\\", r"\\"), text)
    page.write_text(text, encoding="utf-8")
