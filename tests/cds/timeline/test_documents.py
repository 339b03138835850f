"""Is the picture in the documents the one the service draws today?"""

from rules.knowledge import Knowledge
from tools.write_timeline_picture import PICTURE, render_picture


def test_the_picture_in_the_documents_is_current(knowledge: Knowledge) -> None:
    assert PICTURE.read_text(encoding="utf-8") == render_picture(knowledge), "run `make docs`"
