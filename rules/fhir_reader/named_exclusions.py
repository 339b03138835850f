"""Does a diagnosis name an exclusion in words, where none of the lists holds its code?

A list of codes is never complete. What a code of a known system says is lost where no list holds
it, and the words beside it are all there is. They are never shown.
"""

import re
from collections.abc import Iterable

from rules.knowledge.parameters import ExclusionWords

# Where one part of a sentence ends. A hyphen within a word is no end: "self-harm".
_PART_ENDS = re.compile(r"[;,.()\[\]/|]|\s[-\N{EN DASH}\N{EM DASH}]\s|\b(?:with|but|and)\b")
_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
_DENIES_ITSELF = "non-"


def find_named_exclusion(
    texts: Iterable[str], wanted: frozenset[str], words: ExclusionWords
) -> str | None:
    """Give the first of the wanted words by which these texts name an exclusion, or None.

    Units: whole words, capitals ignored. wanted: `words.lasting`, with `words.passing` where the
    diagnosis stands today. Source: rule.md section 8.1; the cautious side of what it leaves open. A
    word that is denied before it, such as "without psychotic features", or that names an activity,
    such as "dementia screening", is not taken. Unknown input: words of other languages name none.
    """
    for text in texts:
        plain = text.casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
        if _holds_none(plain, wanted):
            continue
        for part in _PART_ENDS.split(plain):
            found = _named_in(_WORD.findall(part), wanted, words)
            if found is not None:
                return found
    return None


def _holds_none(plain: str, wanted: frozenset[str]) -> bool:
    """Whether no word of a text is wanted, as of most; a text with compounds is not judged here."""
    simple = "-" not in plain and "'" not in plain
    return simple and wanted.isdisjoint(_WORD.findall(plain))


def _named_in(part: list[str], wanted: frozenset[str], words: ExclusionWords) -> str | None:
    if not part or part[-1] in words.activities:
        return None
    past = False
    for word in part:
        if word in words.denied_by:
            return None
        past = past or word in words.past_by
        found = _wanted_word(word, wanted)
        if found is not None and not (past and found in words.passing):
            return found
    return None


def _wanted_word(word: str, wanted: frozenset[str]) -> str | None:
    """A compound names what one of its words names: "parkinson-dementia"."""
    if word.startswith(_DENIES_ITSELF):
        return None
    return next((each for each in (word, *word.split("-")) if each in wanted), None)
