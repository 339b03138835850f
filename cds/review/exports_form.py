"""What did somebody ask for on the page of exports? Read with every fault beside its field."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from cds.exports.catalogue import FILES, ExportFile, Subject
from cds.exports.export_desk import Order
from cds.store.export_question import ExportQuestion

# Whoever may see the audit is not whoever may export decisions, so each has files of its own.
AUDIT_FILES = tuple(each for each in FILES if each.subject is Subject.AUDIT)
REVIEW_FILES = tuple(each for each in FILES if each.subject is not Subject.AUDIT)
DEIDENTIFIED, AS_KEPT = "de-identified", "as-kept"
FIELDS = ("file", "told", "client", "sample", "since", "until")
_DAYS = {"since": "First day", "until": "Last day"}


@dataclass(frozen=True, slots=True)
class Offered:
    """What can be chosen: files, clients and samples; the samples by id."""

    files: tuple[ExportFile, ...]
    clients: tuple[str, ...] = ()
    samples: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class ExportForm:
    """What was sent, field by field, with the faults found while it was read."""

    sent: Mapping[str, str]
    faults: list[tuple[str, str]] = field(default_factory=list)

    def read(self, offered: Offered, account: str) -> Order | None:
        """Read the order; None where there are faults. account: who asks, who may judge blind.

        Unless somebody chose otherwise an export is de-identified.
        """
        file = next((each for each in offered.files if each.name == self.sent["file"]), None)
        if file is None:
            self.faults.append(("file", "Choose a file"))
        question = ExportQuestion(
            client=self._chosen("client", "Client", offered.clients),
            sample=self._chosen("sample", "Sample", offered.samples),
            since=self._day("since"),
            until=self._day("until"),
            blind_for=account,
        )
        if question.since and question.until and question.since > question.until:
            self.faults.append(("since", "First day must not be after the last day"))
        if file is None or self.faults:
            return None
        is_hidden = self.sent["told"] != AS_KEPT
        return Order(file=file, question=question, deidentified=is_hidden)

    def _chosen(self, name: str, title: str, known: Collection[str]) -> str | None:
        value = self.sent[name]
        if value and value not in known:
            self.faults.append((name, f"{title}: choose one from the list"))
        return value or None

    def _day(self, name: str) -> date | None:
        written = self.sent[name]
        if not written:
            return None
        try:
            return date.fromisoformat(written)
        except ValueError:
            self.faults.append((name, f"{_DAYS[name]} must be a date, such as 2026-06-30"))
            return None


def read_fields(sent: Mapping[str, str]) -> dict[str, str]:
    """Give every field of the form as it was sent; what was not sent is empty."""
    return {name: sent.get(name, "").strip() for name in FIELDS}
