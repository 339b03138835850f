"""What is an export made with? The store, the key that hides patients, and who issues it.

Nothing is read before somebody goes through the chunks, so that an export is audited first.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from cds.exports.catalogue import ExportFile, Reading
from cds.exports.disguise import Deidentified, Disguise, NoDisguise
from cds.exports.fhir_parts import Issuer
from cds.review.reasons import read_reasons
from cds.store.export_question import ExportQuestion
from cds.store.exported import ExportSource
from cds.store.pseudonym import Pseudonyms

# Instead of the address of the deployment, which names the organisation.
_NO_ADDRESS = "https://trd-inflammation-cds.com/de-identified"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One export that is asked for. file: one of catalogue.FILES."""

    file: ExportFile
    question: ExportQuestion
    deidentified: bool

    @property
    def told(self) -> dict[str, object]:
        """Say for the audit what is exported: our own words, days and ids."""
        question = self.question
        asked = {
            "client": question.client,
            "since": question.since and question.since.isoformat(),
            "until": question.until and question.until.isoformat(),
            "sample": question.sample,
        }
        told: dict[str, object] = {
            "file": self.file.name,
            "de_identified": "yes" if self.deidentified else "no",
        }
        return told | {name: value for name, value in asked.items() if value}


class ExportDesk:
    """Writes exports. Made once at start. public_url: the address of the deployment."""

    def __init__(self, source: ExportSource, pseudonyms: Pseudonyms, public_url: str) -> None:
        self._source = source
        self._issuer, self._nobody = Issuer(base=public_url), Issuer(base=_NO_ADDRESS)
        self._reasons = read_reasons()
        self._no_disguise = NoDisguise()
        self._deidentified = Deidentified(pseudonyms, [each.code for each in self._reasons])

    def write(self, order: Order) -> Iterator[bytes]:
        """Write the file of an order, a bit at a time.

        Errors: StoreUnavailable while it is gone through; the file is not whole then.
        """
        disguise: Disguise = self._deidentified if order.deidentified else self._no_disguise
        reading = Reading(
            source=self._source,
            question=order.question,
            disguise=disguise,
            issuer=self._nobody if disguise.hides else self._issuer,
            reasons=self._reasons,
        )
        return order.file.write(reading)
