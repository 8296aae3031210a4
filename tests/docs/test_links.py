"""Every relative link and picture leads somewhere, and every page has its place in the site."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from docs.pages import DOCS, PAGES
from paths import ROOT

READMES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "src").rglob("*.md"))]
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
_LINK = re.compile(r"\]\((?P<target>[^)\s]+)(?:\s+\"[^\"]*\")?\)|(?:src|href)=\"(?P<quoted>[^\"]+)\"")


def _links(page):
    text = _CODE.sub("", page.read_text(encoding="utf-8"))
    targets = [each["target"] or each["quoted"] for each in _LINK.finditer(text)]
    return [each for each in targets if not re.match(r"[a-z]+:", each)]


def _anchors(page):
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", each.lower()).strip()) for each in headings}


def _target(page, link) -> tuple[Path, str]:
    path, _, anchor = unquote(link).partition("#")
    return ((page.parent / path).resolve() if path else page), anchor


@pytest.mark.parametrize("page", [*PAGES, *READMES], ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    broken = []
    for link in _links(page):
        target, anchor = _target(page, link)
        if not target.exists() or (anchor and target.suffix == ".md" and anchor not in _anchors(target)):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_links_only_to_what_the_site_holds(page):
    assert [link for link in _links(page) if not _target(page, link)[0].is_relative_to(DOCS)] == []


def test_every_page_has_its_place_in_the_site():
    nav = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:\n")[2]
    listed = re.findall(r"(?:: |- )(\S+\.md)$", nav, re.MULTILINE)
    assert sorted(listed) == sorted(str(page.relative_to(DOCS)) for page in PAGES)
