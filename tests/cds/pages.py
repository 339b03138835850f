"""What does a test ask of a page? That it is well formed, and what is in it."""

from html.parser import HTMLParser
from pathlib import Path

DEMO_PATIENTS = Path(__file__).resolve().parents[2] / "fixtures" / "patients"
VOID = frozenset({"br", "input", "link", "meta"})


class Page(HTMLParser):
    """A page taken apart. faults: every tag that is not closed where it should be."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.headings: list[str] = []
        self.targets: list[str] = []
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.attributes: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        self.faults += [f"{tag} is never closed" for tag in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if len(values) != len(attrs):
            self.faults.append(f"{tag} has an attribute twice")
        self.tags.append(tag)
        self.attributes.append((tag, values))
        self.ids += [values["id"] or ""] if "id" in values else []
        self.targets += [values[name] or "" for name in ("href", "src", "action") if name in values]
        if tag in {"h1", "h2", "h3"}:
            self.headings.append(tag)
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1] != tag:
            self.faults.append(f"{tag} is closed inside {self._open[-1:]}")
        else:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        """The words of the page, with one space between them."""
        return " ".join(" ".join(self.texts).split())

    def having(self, tag: str) -> list[dict[str, str | None]]:
        """Give the attributes of every element of this name."""
        return [values for name, values in self.attributes if name == tag]
