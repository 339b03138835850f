"""How is a good body spoilt? Its structure is kept and one to four places are made hostile.

Everything is chosen by the `Random` that is passed in, so that a property test can shrink it, a
test can repeat it and the coverage-guided fuzzer can steer it.
"""

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from random import Random
from typing import Any
from urllib.parse import quote_plus

from tests.fuzz.odd_values import ALPHABETS, DATES, IDS, NUMBERS, TEXTS, TYPES, VALUES, Written
from tests.fuzz.promises import CANARY
from tests.fuzz.routes import Case

Holder = Any
Place = Any
Spoil = Callable[[Random, Holder, Place], None]
MAX_SPOILT = 4
_MAX_COPIES = 200


def spoil(body: Any, chance: Random) -> bytes:
    """Spoil some places of a JSON value, and now and then the bytes it is written in."""
    spoilt = deepcopy(body)
    for _ in range(chance.randrange(1, MAX_SPOILT + 1)):
        places = list(places_in(spoilt))
        if not places:
            break
        holder, place = chance.choice(places)
        chance.choice(WAYS)(chance, holder, place)
    written = write(spoilt)
    return spoil_bytes(written, chance) if chance.randrange(8) == 0 else written


def spoil_case(target: str, body: Any, chance: Random) -> Case:
    """Spoil a good body of a target. A form has two small fields besides, which are spoilt too."""
    spoilt = spoil(body, chance)
    if target != "form":
        return Case(target, spoilt)
    pairs = [
        ("bundle", quote_plus(chance.choice([spoilt, write(body)]))),
        ("asOf", quote_plus(write_loosely(chance.choice([*DATES, *TEXTS])))),
        ("patient", quote_plus(write_loosely(chance.choice([*IDS, *TEXTS])))),
    ]
    chance.shuffle(pairs)
    kept = pairs[: chance.randrange(1, 4)]
    return Case(target, "&".join(f"{name}={value}" for name, value in kept).encode())


def write_loosely(text: str) -> bytes:
    """Write a text as UTF-8, half a surrogate as the three bytes that UTF-8 forbids."""
    return text.encode("utf-8", "surrogatepass")


def spoil_bytes(written: bytes, chance: Random) -> bytes:
    """Cut, repeat or overwrite bytes without regard to what they mean."""
    start = chance.randrange(len(written) + 1)
    end = min(len(written), start + chance.randrange(32))
    odd = chance.choice(BYTES)
    return chance.choice(
        [
            written[:start],
            written[:start] + odd + written[start:],
            written[:start] + odd + written[end:],
            written[:end] + written[start:],
            odd + written,
            written + odd,
        ]
    )


BYTES = (
    b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x80\xae", b"\x00", b"\x1f",
    b"\xef\xbb\xbf", b"\xfe\xff", b"{", b"}", b"[", b"]", b'"', b"\\", b"\\u", b"\\ud800", b",",
    b":", b"-", b"NaN", b"/**/", b" " * 4096, b"&", b"=", b"%", b"%u0041", b"[" * 5000,
)  # fmt: skip


def write(value: Any) -> bytes:
    """Write JSON; a `Written` stands for itself, so that what no JSON can hold can be written."""
    if isinstance(value, Written):
        return value.text
    if isinstance(value, dict):
        members = (_write_text(key) + b":" + write(member) for key, member in value.items())
        return b"{" + b",".join(members) + b"}"
    if isinstance(value, list):
        return b"[" + b",".join(map(write, value)) + b"]"
    if isinstance(value, str):
        return _write_text(value)
    return json.dumps(value).encode()


def _write_text(text: str) -> bytes:
    # Half a surrogate has no UTF-8; it is written as the escape a sloppy client would send.
    try:
        return json.dumps(text, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return json.dumps(text).encode()


def places_in(value: Any) -> Iterator[tuple[Holder, Place]]:
    """Give every place where something else can be put: the object or list, and the key in it."""
    if isinstance(value, dict | list):
        for place in value if isinstance(value, dict) else range(len(value)):
            yield value, place
            yield from places_in(value[place])


def _put_odd_value(chance: Random, holder: Holder, place: Place) -> None:
    holder[place] = deepcopy(chance.choice(VALUES))


def _put_alike(chance: Random, holder: Holder, place: Place) -> None:
    """Put another value of the same type, as a careless or a hostile client would."""
    value = holder[place]
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        holder[place] = deepcopy(chance.choice(VALUES))
    elif not isinstance(value, str):
        holder[place] = chance.choice(NUMBERS)
    elif value[:4].isdecimal() and "-" in value:
        holder[place] = chance.choice(DATES)
    else:
        holder[place] = chance.choice(chance.choice([TEXTS, IDS, TYPES, DATES]))


def _plant_canary(chance: Random, holder: Holder, place: Place) -> None:
    value = holder[place]
    text = value if isinstance(value, str) else ""
    holder[place] = chance.choice([CANARY, f"{text} {CANARY}", f"{CANARY}/{text}"])


def _plant_key(chance: Random, holder: Holder, _: Place) -> None:
    if isinstance(holder, dict):
        holder[chance.choice([CANARY, "text", "display", "note", "_id"])] = CANARY


def _take_out(_: Random, holder: Holder, place: Place) -> None:
    del holder[place]


def _wrap(chance: Random, holder: Holder, place: Place) -> None:
    holder[place] = chance.choice([[holder[place]], {"value": holder[place]}, [[holder[place]]]])


def _unwrap(_: Random, holder: Holder, place: Place) -> None:
    value = holder[place]
    if isinstance(value, dict | list) and value:
        holder[place] = next(iter(value.values() if isinstance(value, dict) else value))


def _copy_over(chance: Random, holder: Holder, place: Place) -> None:
    """Put here what stands elsewhere below the same holder."""
    others = list(places_in(holder))
    source, key = chance.choice(others)
    holder[place] = deepcopy(source[key])


def _repeat(chance: Random, holder: Holder, place: Place) -> None:
    """Make many of one: of an item where it stands in a list, else of the value as a list."""
    copies = [holder[place]] * chance.randrange(2, _MAX_COPIES)
    if isinstance(holder, list):
        holder[place:place] = deepcopy(copies[:8])
    else:
        holder[place] = deepcopy(copies[:20])


def _repeat_key(chance: Random, holder: Holder, place: Place) -> None:
    if isinstance(holder, dict):
        again = write(chance.choice([holder[place], chance.choice(VALUES)]))
        holder[place] = Written(write(holder[place]) + b"," + _write_text(place) + b":" + again)


def _rename_key(chance: Random, holder: Holder, place: Place) -> None:
    if isinstance(holder, dict):
        names = [place.upper(), f"_{place}", f"{place}\u0000", "__proto__", "", place + "\u202e"]
        holder[chance.choice(names)] = holder.pop(place)


def _write_in_other_digits(chance: Random, holder: Holder, place: Place) -> None:
    value = holder[place]
    if isinstance(value, str):
        digits = chance.choice(ALPHABETS)
        holder[place] = value.translate(str.maketrans("0123456789", digits))


def _bury(chance: Random, holder: Holder, place: Place) -> None:
    """Put the value far down, in lists or in objects."""
    depth = chance.choice([8, 60, 64, 65, 200, 3000])
    opening, closing = chance.choice([(b"[", b"]"), (b'{"extension":', b"}")])
    holder[place] = Written(opening * depth + write(holder[place]) + closing * depth)


WAYS: tuple[Spoil, ...] = (
    _put_odd_value, _put_odd_value, _put_alike, _put_alike, _put_alike, _plant_canary, _plant_key,
    _take_out, _wrap, _unwrap, _copy_over, _repeat, _repeat_key, _rename_key,
    _write_in_other_digits, _bury,
)  # fmt: skip
