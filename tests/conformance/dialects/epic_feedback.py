"""What feedback does Epic send? An object in the plural, or nothing but an extension."""

from typing import Any

from tests.conformance.dialects.epic import epic_token
from tests.conformance.dialects.exchange import FEEDBACK, PUBLIC, VIEW, Exchange, entry

REASON = "com.epic.cdshooks.feedback.overrideReason."
NUMBER = "123456"
CODE = {"code": "cds-not-applicable", "system": "http://example.org/reasons", "display": "No"}


def feedback(name: str, about: str, *entries: Any, **token: Any) -> Exchange:
    return Exchange(
        client="epic",
        name=name,
        about=about,
        path=FEEDBACK,
        token=epic_token(FEEDBACK, **token),
        body={"feedback": list(entries)},
    )


EPIC_FEEDBACK = (
    feedback(
        "15-feedback-plural",
        "overrideReasons: in the plural, and an object.",
        entry(NUMBER, overrideReasons={"reason": CODE}),
    ),
    feedback(
        "16-feedback-extension-only",
        "The reason stands in an extension alone.",
        entry(
            NUMBER,
            extension={
                f"{REASON}reasonCategory": 4,
                f"{REASON}Display": "Not relevant",
                f"{REASON}Title": "Acknowledgement",
            },
        ),
    ),
    feedback(
        "17-feedback-accepted",
        "Accepted, although our cards suggest nothing.",
        entry(NUMBER, "accepted", acceptedSuggestions=[{"id": "s-1"}]),
    ),
    feedback(
        "18-feedback-audience-of-service",
        "The token names the service and not its feedback; that was agreed with this client.",
        entry(NUMBER),
        aud=PUBLIC + VIEW,
    ),
    feedback(
        "19-feedback-malformed",
        "The third entry says what no outcome is.",
        entry(NUMBER),
        entry(NUMBER),
        entry(NUMBER, "ignored"),
    ),
)
