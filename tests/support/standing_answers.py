"""What do the rules answer for every vignette today, to the last word?

`python -m tests.support.standing_answers` writes it down. A change of a word, a source or a
citation then shows as a difference somebody has to look at.
"""

import json
from pathlib import Path
from typing import Any

import msgspec

from rules.findings import Assessment
from rules.knowledge import Knowledge, load_knowledge
from tests.support.verdict import assess_vignette
from tests.support.vignette import vignettes

WRITTEN = Path(__file__).parents[1] / "rules" / "standing_answers.json"
# These change with every edit of a knowledge file, whether or not an answer changes.
_FINGERPRINT = ("knowledge_version", "knowledge_sha256")


def told(assessment: Assessment) -> dict[str, Any]:
    """Give everything an assessment says, as plain JSON values."""
    answer: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(assessment))
    return {name: value for name, value in answer.items() if name not in _FINGERPRINT}


def standing_answers(knowledge: Knowledge) -> str:
    answers = {each.id: told(assess_vignette(each, knowledge)) for each in vignettes()}
    return json.dumps(answers, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    WRITTEN.write_text(standing_answers(load_knowledge()), encoding="utf-8")
