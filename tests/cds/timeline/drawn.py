"""What does a test read off a picture? Its marks by row, its texts with their boxes, its days."""

from dataclasses import dataclass
from itertools import combinations
from xml.etree.ElementTree import Element, fromstring

SVG = "{http://www.w3.org/2000/svg}"
# Widths of Helvetica by kind of letter: rough, and not the table the pictures are laid out by.
_NARROW, _BROAD = set("iljtfrI.,:;'|! ()[]-/1"), set("mwMWABCDEGHKNOPQRSUVXYZ%—…→≥≤<>=+")


@dataclass(frozen=True, slots=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float
    words: str


class Drawn:
    """A picture taken apart."""

    def __init__(self, svg: str) -> None:
        text = svg.removeprefix('<?xml version="1.0" encoding="UTF-8"?>\n')
        self.root = fromstring(text)  # noqa: S314 - our own picture

    @property
    def elements(self) -> list[Element]:
        return list(self.root.iter())

    @property
    def size(self) -> tuple[float, float, float, float]:
        left, top, width, height = (float(each) for each in self.root.attrib["viewBox"].split())
        return left, top, left + width, top + height

    @property
    def marks(self) -> list[tuple[str, str]]:
        """The row each mark belongs to, and what it says."""
        return [
            (group.attrib["data-row"], group.findtext(f"{SVG}title") or "")
            for group in self.root.iter(f"{SVG}g")
            if "data-row" in group.attrib
        ]

    def mark(self, key: str) -> Element:
        found = [each for each in self.root.iter(f"{SVG}g") if each.get("data-row") == key]
        assert len(found) == 1, f"{len(found)} marks of {key}"
        return found[0]

    def shapes(self, key: str, tag: str) -> list[Element]:
        return self.mark(key).findall(f"{SVG}{tag}")

    @property
    def texts(self) -> list[Element]:
        return list(self.root.iter(f"{SVG}text"))

    def boxes(self) -> list[Box]:
        return [_box(each, self.root) for each in self.texts]

    def collisions(self) -> list[tuple[str, str]]:
        return [(a.words, b.words) for a, b in combinations(self.boxes(), 2) if _meet(a, b)]

    def outside(self) -> list[str]:
        left, top, right, bottom = self.size
        return [
            each.words
            for each in self.boxes()
            if each.left < left - 1 or each.right > right + 1
            or each.top < top - 1 or each.bottom > bottom + 1
        ]  # fmt: skip

    def days_before_the_end(self, x: float) -> float:
        """How many days a place lies before the end of the day of evaluation.

        Measured with the window of CRP, which is as long as its row says, the last day included.
        """
        (window,) = self.shapes("window-crp", "rect")
        left, width = float(window.attrib["x"]), float(window.attrib["width"])
        told = dict(self.marks)["window-crp"].split("; ")[1]
        days = int(told.removesuffix(" days"))
        return (left + width - x) / width * (days + 1)


def _box(text: Element, root: Element) -> Box:
    words, x, y = text.text or "", float(text.attrib["x"]), float(text.attrib["y"])
    size = float(text.get("font-size") or root.attrib["font-size"])
    ems = sum(0.27 if e in _NARROW else 0.7 if e in _BROAD else 0.54 for e in words)
    return Box(x, y - size * 0.72, x + ems * size, y + size * 0.2, words)


def _meet(one: Box, other: Box) -> bool:
    across = one.left < other.right and other.left < one.right
    return across and one.top < other.bottom and other.top < one.bottom
