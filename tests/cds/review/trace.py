"""What has a case page to show? Every word an assessment says, found whatever its shape."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from html.parser import HTMLParser

from rules.findings import Finding, Gap, NotUsed

# Sentences that are no findings.
_SENTENCES = frozenset(
    {"caveats", "context_notes", "trial_exclusions", "would_change", "gap_notes"}
)


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data)


def words_of(page: str) -> str:
    """Give what a page says, in small letters and with single spaces."""
    parser = _Words()
    parser.feed(page)
    return " ".join("".join(parser.found).lower().split())


def trace_of(value: object) -> Iterator[str]:
    """Give every sentence, resource and citation in an assessment."""
    if isinstance(value, Finding):
        yield from (value.because, *value.sources, *value.citations)
    elif isinstance(value, Gap):
        yield value.because
    elif isinstance(value, NotUsed):
        yield from (value.source, value.because)
    elif isinstance(value, tuple | list):
        for each in value:
            yield from trace_of(each)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _trace_of_field(field.name, getattr(value, field.name))


def _trace_of_field(name: str, value: object) -> Iterator[str]:
    if name in _SENTENCES or name == "sources":
        assert isinstance(value, tuple)
        yield from value
    elif name in {"failure", "shown"}:
        yield str(value)
    else:
        yield from trace_of(value)
