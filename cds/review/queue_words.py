"""Which words stand in the queue and on a case for what the store keeps as an identifier?"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from cds.pages.words import INFLAMMATION, RESISTANCE
from cds.review.classes import OPEN_CRITERIA, ReviewClass

CLASSES: Mapping[str, str] = {
    ReviewClass.SHOWN.value: "Shown",
    ReviewClass.SILENT.value: "Silent",
    ReviewClass.NEAR_MISS.value: "Near miss",
    ReviewClass.COULD_NOT_TELL.value: "Could not tell",
    ReviewClass.NOTHING_TO_SAY.value: "Nothing to say",
    ReviewClass.SWITCHED_OFF.value: "Switched off",
}
CLASSES_TELL: Mapping[str, str] = {
    ReviewClass.SHOWN.value: "A card was sent to the client system.",
    ReviewClass.SILENT.value: (
        "A card was due and only recorded. The client was in silent mode, or the same card had "
        "been shown before."
    ),
    ReviewClass.NEAR_MISS.value: (
        "No card. One single thing found otherwise would have made an evidence card due."
    ),
    ReviewClass.COULD_NOT_TELL.value: (
        "No card, because something that decides is missing. Missing counts as neither normal nor "
        "abnormal."
    ),
    ReviewClass.NOTHING_TO_SAY.value: "Evaluated, and nothing to say. This is no reassurance.",
    ReviewClass.SWITCHED_OFF.value: (
        "The service was switched off for this client, so nothing was evaluated."
    ),
}
NOT_JUDGED: Final = "Not judged"
RESISTANCE_WORDS: Mapping[str, str] = {each.value: word for each, word in RESISTANCE.items()}
INFLAMMATION_WORDS: Mapping[str, str] = {each.value: word for each, word in INFLAMMATION.items()}
OPEN_WORDS = OPEN_CRITERIA
# A pseudonym is a long number; its beginning is enough to know a case by.
_LABEL_SIGNS = 8


def label_of(pseudonym: str) -> str:
    """Give the label of a case: the same patient of the same client has the same one."""
    return pseudonym[:_LABEL_SIGNS]


def moment(when: datetime) -> str:
    """Write a moment to the minute, with its zone."""
    return when.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def resistance_words(status: str) -> str:
    """Give the words for a status of treatment resistance as it is kept."""
    return RESISTANCE_WORDS.get(status, NOT_JUDGED)


def inflammation_words(status: str) -> str:
    """Give the words for a status of the marker as it is kept."""
    return INFLAMMATION_WORDS.get(status, NOT_JUDGED)
