"""The pages of the documentation, and what is written in their code blocks: `python` is run, `py` is only shown."""

import re
from dataclasses import dataclass
from pathlib import Path

from paths import ROOT

DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
_SHELLS = ("sh", "text", "")
_FENCE = re.compile(
    r"^(?P<indent> *)```(?P<language>[\w-]*)[^\n]*\n(?P<text>.*?)^(?P=indent)```", re.MULTILINE | re.DOTALL
)


@dataclass(frozen=True)
class Block:
    """A code block: its language, its text and the line on which its text begins, counted from 1."""

    language: str
    text: str
    line: int


def blocks(page: Path) -> list[Block]:
    """Return the code blocks of a page, in order."""
    text = page.read_text(encoding="utf-8")
    return [
        Block(each["language"], _dedented(each), text.count("\n", 0, each.start("text")) + 1)
        for each in _FENCE.finditer(text)
    ]


def _dedented(fence: re.Match[str]) -> str:
    return re.sub(f"^{fence['indent']}", "", fence["text"], flags=re.MULTILINE)


def run(page: Path) -> None:
    """Run the Python blocks of a page one after the other; a fault shows the page's own line."""
    names: dict[str, object] = {"__name__": page.stem}
    for block in blocks(page):
        if block.language == "python":
            exec(compile("\n" * (block.line - 1) + block.text, str(page), "exec"), names)


def commands(page: Path) -> list[str]:
    """Return the commands of cordwise that a page shows, in blocks for the shell or in the middle of a sentence."""
    shown = [re.sub(r"\\\n\s*", " ", block.text) for block in blocks(page) if block.language in _SHELLS]
    lines = [line.strip().removeprefix("$ ").removeprefix(".venv/bin/") for text in shown for line in text.splitlines()]
    prose = _FENCE.sub("", page.read_text(encoding="utf-8"))
    lines += [re.sub(r"\s+", " ", each) for each in re.findall(r"`(cordwise [^`]+)`", prose)]
    return [_without_remarks(line) for line in lines if line.startswith("cordwise ")]


def _without_remarks(line: str) -> str:
    return re.sub(r"\s+#.*| {2,}.*|\s+[|>].*|\s+(?:\.\.\.|…)", "", line)
