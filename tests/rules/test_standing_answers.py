"""Does any vignette get another answer than the one that was last looked at?"""

import json

import pytest

from rules.knowledge import Knowledge
from tests.support.standing_answers import WRITTEN, told
from tests.support.verdict import assess_vignette
from tests.support.vignette import Vignette, vignettes

STANDING = json.loads(WRITTEN.read_text(encoding="utf-8"))


@pytest.mark.parametrize("vignette", vignettes(), ids=lambda each: each.id)
def test_the_whole_answer_is_the_one_that_stands(vignette: Vignette, knowledge: Knowledge) -> None:
    """A wanted change is written down by `make fixtures`; its difference is part of the review."""
    assert told(assess_vignette(vignette, knowledge)) == STANDING[vignette.id]


def test_no_answer_stands_for_a_vignette_that_is_gone() -> None:
    assert set(STANDING) == {vignette.id for vignette in vignettes()}
