"""What does a timeline look like? Writes docs/images/timeline.svg from a made-up record."""

from pathlib import Path

from rules.knowledge import Knowledge, load_knowledge
from tests.cds.timeline.records import eventful, timeline_of

PICTURE = Path(__file__).parent.parent / "docs" / "images" / "timeline.svg"


def render_picture(knowledge: Knowledge) -> str:
    """Give the picture of a record in which every kind of mark is found."""
    return timeline_of(eventful(), knowledge).document + "\n"


def main() -> None:
    PICTURE.write_text(render_picture(load_knowledge()), encoding="utf-8")


if __name__ == "__main__":
    main()
