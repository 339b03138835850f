"""Where can a label stand so that it covers no other label and no mark?"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from cds.timeline.lettering import SIZE, width_of

LINE = 15.0  # from one line of text to the next
_ASCENT, _DESCENT = 9.5, 3.0
_GAP = 3.0


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, in CSS pixels."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        apart = self.right <= other.left or other.right <= self.left
        return not (apart or self.bottom <= other.top or other.bottom <= self.top)

    def inside(self, other: "Box") -> bool:
        across = other.left <= self.left and self.right <= other.right
        return across and other.top <= self.top and self.bottom <= other.bottom


@dataclass(frozen=True, slots=True)
class Label:
    """A text and where its baseline begins."""

    x: float
    y: float
    words: str

    @property
    def box(self) -> Box:
        right = self.x + width_of(self.words, SIZE)
        return Box(self.x, self.y - _ASCENT, right, self.y + _DESCENT)


@dataclass(slots=True)
class Room:
    """The free space of one strip. taken: what no label may cover; spared: what it should not."""

    within: Box
    taken: list[Box] = field(default_factory=list)
    spared: list[Box] = field(default_factory=list)

    def block(self, box: Box) -> None:
        self.taken.append(box)

    def spare(self, box: Box) -> None:
        self.spared.append(box)

    def find(self, candidates: Iterable[Label]) -> Label | None:
        """Give the first of the candidates that is free, and take it; None where none is.

        One that also leaves free what should be spared comes before the others.
        """
        boxed = ((label, label.box) for label in candidates)
        free = [(label, box) for label, box in boxed if self.is_free(box)]
        if not free:
            return None
        spares = (each for each in free if not any(each[1].meets(box) for box in self.spared))
        label, box = next(spares, free[0])
        self.taken.append(Box(box.left - _GAP, box.top, box.right + _GAP, box.bottom))
        return label

    def is_free(self, box: Box) -> bool:
        return box.inside(self.within) and not any(box.meets(other) for other in self.taken)


def around(x: float, y: float, reach: float, words: str) -> tuple[Label, ...]:
    """Give the places of a label around a mark: above, below, above at a side, right, left."""
    width = width_of(words, SIZE)
    middle = y + _ASCENT / 2 - 1
    return (
        Label(x - width / 2, y - reach - _DESCENT, words),
        Label(x - width / 2, y + reach + _ASCENT + 1, words),
        Label(x - 2, y - reach - _DESCENT, words),
        Label(x + 2 - width, y - reach - _DESCENT, words),
        Label(x + reach + _GAP, middle, words),
        Label(x - reach - _GAP - width, middle, words),
    )


def beside(left: float, right: float, baseline: float, words: str) -> tuple[Label, ...]:
    """Give the places of a label beside a bar: right of it, left of it."""
    width = width_of(words, SIZE)
    return (
        Label(right + 2 * _GAP, baseline, words),
        Label(left - 2 * _GAP - width, baseline, words),
    )
