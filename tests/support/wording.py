"""What may a text of ours not say? The patterns of the evidence files, applied to a text."""

import re

from rules.knowledge.model import Evidence, Scope

# A line of a card is a sentence of its own; a sentence of a document may run over lines.
_ENDS: dict[Scope, re.Pattern[str]] = {
    "cards": re.compile(r"(?<=[.!?])\s+|\n"),
    "everywhere": re.compile(r"(?<=[.!?;:])\s+|\n\s*\n|\n(?=\s*[-#|*\d])|\|"),
}


def find_banned(evidence: Evidence, text: str, scope: Scope = "cards") -> list[str]:
    """Say what is wrong with a text; of a card everything is asked, else what holds everywhere."""
    for allowed in evidence.allowed_phrases:
        text = re.sub(re.escape(allowed), "", text, flags=re.IGNORECASE)
    phrases = [each for each in evidence.banned_phrases if scope in {"cards", each.scope}]
    rules = [each for each in evidence.sentence_rules if scope in {"cards", each.scope}]
    found = [f"{each.why}: {hit[0]}" for each in phrases for hit in each.pattern.finditer(text)]
    return found + [
        f"{rule.why}: {' '.join(sentence.split())}"
        for rule in rules
        for sentence in _ENDS[scope].split(text)
        if rule.when.search(sentence) and rule.never.search(sentence)
    ]
