"""How is a shape written as SVG? With presentation attributes, never a style or a script."""

from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, tostring

from cds.timeline.ink import PAPER, SHADE_EDGE, TEXT, TREATMENT
from cds.timeline.lettering import FONT, SIZE
from cds.timeline.scene import Datum
from cds.timeline.sheet import Sheet

HATCH, SHADING = "hatch", "shading"
_SVG = "http://www.w3.org/2000/svg"


@dataclass(frozen=True, slots=True)
class Canvas:
    """One picture, or one group of it, that takes shapes. Coordinates are CSS pixels."""

    element: Element
    sheet: Sheet

    def add(self, tag: str, **attributes: str | float) -> Element:
        """Add an element; underscores in names stand for hyphens, numbers get one decimal."""
        written = {name.replace("_", "-"): write(value) for name, value in attributes.items()}
        return SubElement(self.element, tag, written)

    def line(
        self, x1: float, y1: float, x2: float, y2: float, stroke: str, **more: str | float
    ) -> None:
        self.add("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=stroke, **more)

    def rect(
        self, x: float, y: float, width: float, height: float, fill: str, **more: str | float
    ) -> None:
        self.add("rect", x=x, y=y, width=width, height=height, fill=fill, **more)

    def path(self, d: str, **more: str | float) -> None:
        self.add("path", d=d, **more)

    def text(self, x: float, y: float, words: str, **more: str | float) -> None:
        self.add("text", x=x, y=y, **more).text = printable(words)

    def pattern(self, name: str) -> str:
        """Give the fill that stands for a pattern of this picture."""
        return f"url(#timeline-{self.sheet.name}-{name})"

    def datum(self, datum: Datum) -> "Canvas":
        """Begin the group of one datum: its row, and its words for who points at it."""
        group = self.add("g", data_row=datum.key)
        SubElement(group, "title").text = printable(datum.words)
        return Canvas(group, self.sheet)


def begin(sheet: Sheet, title: str, summary: str) -> Canvas:
    """Begin a picture with its name, its description and the patterns it is drawn with."""
    name, desc = (f"timeline-{sheet.name}-{part}" for part in ("title", "desc"))
    root = Element(
        "svg",
        {
            "xmlns": _SVG,
            "class": f"timeline-picture {sheet.name}",
            "role": "img",
            "aria-labelledby": f"{name} {desc}",
            "font-family": FONT,
            "font-size": write(SIZE),
            "fill": TEXT,
        },
    )
    SubElement(root, "title", {"id": name}).text = title
    SubElement(root, "desc", {"id": desc}).text = printable(summary)
    canvas = Canvas(root, sheet)
    _define(canvas, HATCH, TREATMENT, 5, 2)
    _define(canvas, SHADING, SHADE_EDGE, 8, 0.8)
    return canvas


def _define(canvas: Canvas, name: str, ink: str, distance: float, thickness: float) -> None:
    """Define slanting lines as a fill."""
    attributes = {
        "id": f"timeline-{canvas.sheet.name}-{name}",
        "width": write(distance),
        "height": write(distance),
        "patternUnits": "userSpaceOnUse",
        "patternTransform": "rotate(45)",
    }
    pattern = Canvas(SubElement(canvas.element, "pattern", attributes), canvas.sheet)
    pattern.rect(0, 0, distance, distance, PAPER)
    pattern.line(0, 0, 0, distance, ink, stroke_width=thickness)


def finish(canvas: Canvas, height: float) -> str:
    """End a picture: its size, its paper, and all of it as text."""
    margin = canvas.sheet.margin
    across, down = canvas.sheet.width + 2 * margin, height + 2 * margin
    size = {"width": write(across), "height": write(down)}
    corner = {"x": write(-margin), "y": write(-margin)}
    box = (corner["x"], corner["y"], size["width"], size["height"])
    canvas.element.attrib |= {**size, "viewBox": " ".join(box)}
    canvas.element.insert(2, Element("rect", {**corner, **size, "fill": PAPER}))
    return tostring(canvas.element, encoding="unicode")


def printable(words: str) -> str:
    """Leave out the signs that XML cannot hold."""
    return "".join(each for each in words if each.isprintable())


def write(value: str | float) -> str:
    """Write a number as short as a tenth of a pixel needs."""
    if isinstance(value, str):
        return value
    return f"{value:.1f}".removesuffix(".0") if value else "0"
