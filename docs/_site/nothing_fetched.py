"""Read the built site and name everything that a browser would fetch from elsewhere when a page is opened."""

import re
import sys
from html.parser import HTMLParser
from pathlib import Path

SITE = Path(__file__).parents[2] / "site"
_FETCHED = {"link": "href", **dict.fromkeys(("script", "img", "iframe", "source", "video", "audio"), "src")}
_HARMLESS = {"canonical", "prev", "next", "alternate"}  # relations that a browser does not load


class _Fetched(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what this element makes a browser load."""
        values = {name: value or "" for name, value in attrs}
        if tag in _FETCHED and not (tag == "link" and set(values.get("rel", "").split()) <= _HARMLESS):
            self.addresses.append(values.get(_FETCHED[tag], ""))


def main() -> int:
    """Return 1 and name the pages where something is fetched from elsewhere."""
    found = []
    for page in sorted(SITE.rglob("*.html")):
        parser = _Fetched()
        parser.feed(page.read_text(encoding="utf-8"))
        found += [f"{page.relative_to(SITE)}: {each}" for each in parser.addresses if re.match(r"(https?:)?//", each)]
    for style in sorted(SITE.rglob("*.css")):
        fetched = re.findall(r"(?:url\(|@import )[\"']?((?:https?:)?//[^\"')]+)", style.read_text(encoding="utf-8"))
        found += [f"{style.relative_to(SITE)}: {each}" for each in fetched]
    if not any(SITE.rglob("*.html")):
        found.append(f"{SITE.name}: no page; run `make docs`")
    if found:
        sys.exit("Fetched from elsewhere:\n" + "\n".join(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
