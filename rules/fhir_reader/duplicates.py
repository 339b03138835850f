"""Which of several versions of one resource counts?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from rules.facts import Incomplete
from rules.fhir_reader.decoding import content_of
from rules.fhir_reader.resources import RawResource, partly_read
from rules.findings import Gap, NotUsed

_CORRECTED = frozenset({b'"corrected"', b'"amended"'})


@dataclass(frozen=True, slots=True)
class Distinct:
    """Every resource once, in an order that does not depend on how they came."""

    items: tuple[RawResource, ...]
    gaps: tuple[Gap, ...]
    incomplete: tuple[Incomplete, ...]
    not_used: tuple[NotUsed, ...]
    received: dict[str, int]


def keep_one_version(items: Iterable[RawResource]) -> Distinct:
    """Keep each resource once: the same content twice is one, of several versions the last counts.

    The last is the one updated last, else the one with the highest version, else the one that is
    corrected or amended. Unknown input: where nothing tells them apart, none is used, and a gap
    names them. A resource without an id is the same only where its content is.
    """
    groups: dict[tuple[str, str | bytes], list[RawResource]] = {}
    for item in items:
        key = (item.resource_type, item.id or item.identity or bytes(item.raw))
        if key in groups:
            groups[key].append(item)
        else:
            groups[key] = [item]
    kept: list[RawResource] = []
    unclear: list[tuple[Gap, Incomplete]] = []
    not_used: set[NotUsed] = set()
    received: dict[str, int] = {}
    for (resource_type, _), same in groups.items():
        received[resource_type] = received.get(resource_type, 0) + 1
        if len(same) == 1:
            kept.append(same[0])
            continue
        versions = _different(same)
        last = _last(versions)
        if last is None:
            because = f"{versions[0].name} came in two versions that cannot be told apart"
            unclear.append(partly_read(resource_type, because))
        else:
            kept.append(last)
            if len(versions) > 1:
                not_used.add(NotUsed(last.name, "an earlier version of the same resource"))
    return Distinct(
        items=tuple(sorted(kept, key=_place)),
        gaps=tuple(gap for gap, _ in unclear),
        incomplete=tuple(entry for _, entry in unclear),
        not_used=tuple(not_used),
        received=dict(sorted(received.items())),
    )


def _place(item: RawResource) -> tuple[str, bytes]:
    """Sort key: the name, and where there is none, the content, before all that have one."""
    identity = item.id or item.identity
    # No resource type holds a sign that comes before the slash, so types stay together.
    name = f"{item.resource_type}/{identity or ''}"
    return name, b"" if identity else bytes(item.raw)


def _different(same: Sequence[RawResource]) -> list[RawResource]:
    """Give each content once, however it is spaced and ordered."""
    by_bytes = sorted({bytes(item.raw): item for item in same}.items(), key=lambda pair: pair[0])
    by_content: dict[bytes, RawResource] = {}
    for written, item in by_bytes:
        by_content.setdefault(content_of(written), item)
    return list(by_content.values())


def _last(versions: Sequence[RawResource]) -> RawResource | None:
    if len(versions) == 1:
        return versions[0]
    updated = [(_updated(item), item) for item in versions]
    numbered = [(_number(item), item) for item in versions]
    corrected = [item for item in versions if bytes(item.peek.status) in _CORRECTED]
    return (
        _highest(updated) or _highest(numbered) or (corrected[0] if len(corrected) == 1 else None)
    )


def _highest(ranked: Sequence[tuple[float | None, RawResource]]) -> RawResource | None:
    """Give the one that stands above all others; None where one has no rank or two share it."""
    ranks = [rank for rank, _ in ranked if rank is not None]
    if len(ranks) < len(ranked):
        return None
    highest = max(ranks)
    first = [item for rank, item in ranked if rank == highest]
    return first[0] if len(first) == 1 else None


def _updated(item: RawResource) -> float | None:
    """Give meta.lastUpdated as a point of time; one without a zone is no point of time."""
    text = item.peek.meta.last_updated if item.peek.meta else None
    try:
        instant = datetime.fromisoformat(text or "")
        return instant.timestamp() if instant.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


def _number(item: RawResource) -> float | None:
    text = (item.peek.meta.version_id if item.peek.meta else None) or ""
    return float(text) if text.isascii() and text.isdigit() else None
