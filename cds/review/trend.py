"""How did the firing rate change over the last 7, 30 and 90 days? Buckets of whole days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, timedelta

from cds.review.behaviour import Firing, Seen, describe_firing

# Days of each window, and of each bucket in it; the same windows as other alert reports have.
WINDOWS = ((7, 1), (30, 3), (90, 9))


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """Some days, from the first to the last of them, in UTC."""

    first: date
    last: date
    firing: Firing


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """One window that ends with a day. whole: all of it together."""

    days: int
    buckets: tuple[Bucket, ...]
    whole: Firing


def draw_trend(seen: Sequence[Seen], last: date, days: int, bucket_days: int) -> Trend:
    """Count a window in buckets, the oldest first.

    last: the last day of the window, in UTC. days: a multiple of bucket_days. seen: oldest first;
    what lies outside the window is left out.
    """
    first = last - timedelta(days=days - 1)
    by_bucket: dict[int, list[Seen]] = {number: [] for number in range(days // bucket_days)}
    inside = [(each, (each.at.astimezone(UTC).date() - first).days) for each in seen]
    for each, day in inside:
        if 0 <= day < days:
            by_bucket[day // bucket_days].append(each)
    return Trend(
        days=days,
        buckets=tuple(
            Bucket(
                first=first + timedelta(days=number * bucket_days),
                last=first + timedelta(days=(number + 1) * bucket_days - 1),
                firing=describe_firing(found),
            )
            for number, found in by_bucket.items()
        ),
        whole=describe_firing([each for each, day in inside if 0 <= day < days]),
    )


def draw_trends(seen: Sequence[Seen], last: date) -> tuple[Trend, ...]:
    """Count each of the usual windows that end with a day."""
    return tuple(draw_trend(seen, last, days, bucket) for days, bucket in WINDOWS)
