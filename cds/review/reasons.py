"""Which reasons can a reviewer choose from? Codes of one published system, kept as data."""

import tomllib
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A reason with its code, its code system and our words for it."""

    code: str
    system: str
    display: str


def read_reasons() -> tuple[Reason, ...]:
    """Read reasons.toml, those on the card first. Errors: KeyError for a file that was spoilt."""
    text = files("cds.review").joinpath("reasons.toml").read_text(encoding="utf-8")
    written = tomllib.loads(text)
    return tuple(
        Reason(code=each["code"], system=written["system"], display=each["display"])
        for each in written["reasons"]
    )
