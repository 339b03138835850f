"""What does the service show of one assessment as a picture, and the same as a table?"""

from dataclasses import dataclass

from cds.timeline.composing import compose
from cds.timeline.grounds import find_grounds
from cds.timeline.picture import draw_picture
from cds.timeline.rows import Row, RowGroup, grouped, rows_of
from cds.timeline.scene import Scene
from cds.timeline.sheet import COMPACT, DOCUMENT, MEDIUM, WIDE
from rules.facts import Facts
from rules.findings import Assessment
from rules.knowledge import Knowledge

NOT_A_DEVICE = "Not a medical device: research prototype, not for clinical use."


@dataclass(frozen=True, slots=True)
class Timeline:
    """One timeline: pictures of three widths that show the same data, and those data as rows."""

    scene: Scene

    @property
    def svg(self) -> str:
        """The picture for a wide screen: one svg element without script, style or reference."""
        return draw_picture(self.scene, WIDE)

    @property
    def svg_medium(self) -> str:
        """The picture for a tablet, and for a printed page."""
        return draw_picture(self.scene, MEDIUM)

    @property
    def svg_compact(self) -> str:
        """The picture for a screen of 320 pixels, or for a page enlarged fourfold."""
        return draw_picture(self.scene, COMPACT)

    @property
    def document(self) -> str:
        """The picture as a file of its own, with the notes at its foot."""
        declaration = '<?xml version="1.0" encoding="UTF-8"?>\n'
        told = (f"{self.title}. {self.summary}", *self.notes, NOT_A_DEVICE)
        return declaration + draw_picture(self.scene, DOCUMENT, told)

    @property
    def rows(self) -> tuple[Row, ...]:
        """The table: a row for each datum, drawn or not, in the order of the picture."""
        return rows_of(self.scene)

    @property
    def groups(self) -> tuple[RowGroup, ...]:
        """The same rows under the headings of the picture."""
        return grouped(self.rows)

    @property
    def title(self) -> str:
        return self.scene.title

    @property
    def summary(self) -> str:
        return self.scene.summary

    @property
    def notes(self) -> tuple[str, ...]:
        """What the picture does not show, in sentences."""
        return self.scene.notes


def draw(facts: Facts, assessment: Assessment, knowledge: Knowledge) -> Timeline:
    """Draw what an assessment rests on.

    facts, knowledge: those the assessment was made from. Whatever they hold, the picture is drawn;
    what cannot be placed on it is told in words and in a row.
    """
    return Timeline(compose(find_grounds(facts, assessment, knowledge)))
