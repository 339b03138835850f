"""What of the JSON of a decision may stay in a de-identified export? Every member is looked at.

Our own words and numbers stay, with their dates moved. Ids of resources and cards are hashed. What
the record wrote in words goes, and a code or status of it that is written as no code ever is.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from cds.exports.hidden_dates import DateOffset
from rules.clinical_time import ClinicalDate

OTHER = "other"
# Members that hold ids: of resources of the client's server, of cards and of decisions.
_IDS = frozenset({"source", "sources", "order", "uuid", "decision"})
# Members with words of the record, and the cards as they were sent, whose text names its decision.
_LEFT_OUT = frozenset({"text", "cards"})
# Members that repeat a code, a status or a unit as the record gave it.
_AS_CODED = frozenset(
    {"code", "status", "clinical_status", "verification", "intent", "comparator", "unit"}
)
# Members of ours that are no sentences, however they look.
_OURS = frozenset({"system", "version", "sha256", "of", "changed_parameters", "changedParameters"})
_CODE = re.compile(r"[A-Za-z0-9%<>=*/^()\[\]{}._:'-]{1,32}")
_REFERENCE = re.compile(r"\b([A-Z][A-Za-z]+)/([A-Za-z0-9.-]{1,64})\b", re.ASCII)
_BOUNDS = frozenset({"earliest", "latest"})

HashOf = Callable[[str], str]


def hide_trace(trace: Any, offset: DateOffset, hash_of: HashOf) -> Any:
    """Give an answer or the facts of a case without what could name the patient.

    hash_of: gives what stands for an id. A resource keeps its type: "Observation/…".
    """
    if isinstance(trace, Mapping):
        if trace.keys() == _BOUNDS:
            return _move_bounds(trace, offset)
        return {name: _hide_member(name, value, offset, hash_of) for name, value in trace.items()}
    if isinstance(trace, list | tuple):
        return [hide_trace(each, offset, hash_of) for each in trace]
    return hide_words(trace, offset, hash_of) if isinstance(trace, str) else trace


def hide_words(text: str, offset: DateOffset, hash_of: HashOf) -> str:
    """Give a sentence of ours with its dates moved, and references in it hashed."""
    hashed = _REFERENCE.sub(lambda found: _hash_reference(found[0], hash_of), text)
    return offset.move_words(hashed)


def _hide_member(name: str, value: Any, offset: DateOffset, hash_of: HashOf) -> Any:
    if name in _LEFT_OUT:
        return [] if isinstance(value, list | tuple) else None
    if name in _IDS:
        return _hide_ids(value, hash_of)
    if name in _OURS:
        return value
    if name in _AS_CODED and isinstance(value, str):
        return value if _CODE.fullmatch(value) else OTHER
    return hide_trace(value, offset, hash_of)


def _hide_ids(value: Any, hash_of: HashOf) -> Any:
    if isinstance(value, list | tuple):
        return [_hide_ids(each, hash_of) for each in value]
    return _hash_reference(value, hash_of) if isinstance(value, str) else None


def _hash_reference(reference: str, hash_of: HashOf) -> str:
    kind, slash, _ = reference.partition("/")
    is_typed = bool(slash) and kind.isascii() and kind.isalpha()
    return f"{kind}/{hash_of(reference)}" if is_typed else hash_of(reference)


def _move_bounds(stated: Mapping[str, Any], offset: DateOffset) -> dict[str, str]:
    """Move a date of the facts, which are kept with the first and the last day it can mean."""
    bounds = (date.fromisoformat(stated[name]) for name in ("earliest", "latest"))
    moved = offset.move_clinical(ClinicalDate(*bounds))
    return {"earliest": moved.earliest.isoformat(), "latest": moved.latest.isoformat()}
