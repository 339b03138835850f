"""What did the clinician do with a card? Reads feedback in the shapes clients really send."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec

from cds.errors import BodyTooLarge, InvalidRequest, MissingMember

MAX_ENTRIES = 1000
OUTCOMES = frozenset({"accepted", "overridden"})

_MAX_TEXT = 2000
_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d", re.ASCII)
_KINDS: dict[type, str] = {list: "a list", dict: "an object", str: "a string"}
# One client puts the reason it shows in an extension, and nothing in `reason`.
_REASON_EXTENSION = "com.epic.cdshooks.feedback.overrideReason."
_EXTENSION_MEMBERS = {"code": "reasonCategory", "display": "Display"}


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackEntry:
    """What was done with one card. card: any text, because some clients send ids of their own.

    user_comment is free text and may identify a patient: it is stored, and shown in no repr.
    """

    card: str
    outcome: str
    outcome_at: datetime
    accepted_suggestions: tuple[str, ...] = ()
    reason_code: str | None = None
    reason_system: str | None = None
    reason_display: str | None = field(default=None, repr=False)
    user_comment: str | None = field(default=None, repr=False)


def read_feedback(body: bytes) -> tuple[FeedbackEntry, ...]:
    """Read the feedback of one call, from a body that is known to be strict JSON.

    Errors: MissingMember or InvalidRequest that names the member, such as feedback[3].outcome;
    BodyTooLarge for more than MAX_ENTRIES.
    """
    entries = _member(msgspec.json.decode(body), "", "feedback", list)
    if len(entries) > MAX_ENTRIES:
        raise BodyTooLarge(f"One call takes up to {MAX_ENTRIES} entries of feedback.")
    return tuple(_read_entry(entry, f"feedback[{number}]") for number, entry in enumerate(entries))


def _read_entry(entry: object, path: str) -> FeedbackEntry:
    if not isinstance(entry, dict):
        raise InvalidRequest(f"{path} must be an object.", expression=(path,))
    outcome = _text(entry, path, "outcome")
    if outcome not in OUTCOMES:
        at = f"{path}.outcome"
        raise InvalidRequest(f"{at} must be accepted or overridden.", expression=(at,))
    return FeedbackEntry(
        card=_text(entry, path, "card"),
        outcome=outcome,
        outcome_at=_moment(entry, path),
        accepted_suggestions=_read_suggestions(entry, path),
        **_read_override(entry, path),
    )


def _read_suggestions(entry: Mapping[str, Any], path: str) -> tuple[str, ...]:
    """Read the ids of accepted suggestions. Our cards have none, so none is the usual case."""
    if entry.get("acceptedSuggestions") is None:
        return ()
    accepted = _member(entry, path, "acceptedSuggestions", list)
    return tuple(
        _text(each, f"{path}.acceptedSuggestions[{number}]", "id")
        for number, each in enumerate(accepted)
    )


def _read_override(entry: Mapping[str, Any], path: str) -> dict[str, str | None]:
    """Read why a card was overridden: the standard's member, or the plural one of one client."""
    name = "overrideReason" if entry.get("overrideReason") is not None else "overrideReasons"
    if entry.get(name) is None:
        return _read_extension(entry.get("extension"))
    override = _member(entry, path, name, dict)
    path = f"{path}.{name}"
    from_extension = _read_extension(override.get("extension") or entry.get("extension"))
    comment = {"user_comment": _optional_text(override, path, "userComment")}
    if override.get("reason") is None:
        return from_extension | comment
    reason = _member(override, path, "reason", dict)
    path = f"{path}.reason"
    return comment | {
        "reason_code": _optional_text(reason, path, "code"),
        "reason_system": _optional_text(reason, path, "system"),
        "reason_display": _optional_text(reason, path, "display"),
    }


def _read_extension(extension: object) -> dict[str, str | None]:
    """Read a reason from an extension. What is there in another form is no reason of ours."""
    if not isinstance(extension, dict):
        return {}
    found = {
        f"reason_{ours}": extension.get(f"{_REASON_EXTENSION}{theirs}")
        for ours, theirs in _EXTENSION_MEMBERS.items()
    }
    return {
        name: str(value)[:_MAX_TEXT]
        for name, value in found.items()
        if isinstance(value, str | int) and value != ""
    }


def _moment(entry: Mapping[str, Any], path: str) -> datetime:
    """Read outcomeTimestamp: RFC 3339 with a zone and any number of digits; given in UTC."""
    text = _text(entry, path, "outcomeTimestamp")
    try:
        moment = datetime.fromisoformat(text.upper())  # RFC 3339 allows small letters
        if moment.tzinfo is not None and _TIME.match(text):
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    at = f"{path}.outcomeTimestamp"
    raise InvalidRequest(f"{at} must be a time such as 2026-06-30T12:00:00Z.", expression=(at,))


def _member(holder: object, path: str, name: str, kind: type) -> Any:
    at = f"{path}.{name}".lstrip(".")
    value = holder.get(name) if isinstance(holder, dict) else None
    if value is None:
        raise MissingMember(f"{at} is required and is not there.", expression=(at,))
    if not isinstance(value, kind):
        raise InvalidRequest(f"{at} must be {_KINDS[kind]}.", expression=(at,))
    return value


def _text(holder: object, path: str, name: str) -> str:
    text = str(_member(holder, path, name, str))
    if not text or len(text) > _MAX_TEXT:
        at = f"{path}.{name}"
        problem = "is too long" if text else "must not be empty"
        raise InvalidRequest(f"{at} {problem}.", expression=(at,))
    return text


def _optional_text(holder: Mapping[str, Any], path: str, name: str) -> str | None:
    """Read a text that may be missing; an empty one is as good as none."""
    if holder.get(name) in (None, ""):
        return None
    return _text(holder, path, name)
