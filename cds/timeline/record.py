"""When was it, that a finding rests on? From the resources a finding names back to their dates."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cds.timeline.grounds import Grounds, taken_days
from cds.timeline.scene import Piece
from rules.clinical_time import ClinicalDate, plus_days
from rules.facts import Diagnosis, Exposure, ExposureKind, Measurement, Procedure, Vaccination


@dataclass(frozen=True, slots=True)
class Places:
    """The dates of the facts that count, by the resources they come from."""

    grounds: Grounds

    def exposures(self, sources: Iterable[str], drug: str | None = None) -> tuple[Exposure, ...]:
        """Give the exposures that come from these resources, of one drug where it is named."""
        named = set(sources)
        return tuple(
            each
            for each in self.grounds.facts.exposures
            if named.intersection(each.sources) and drug in {None, each.drug.name}
        )

    def given(self, sources: Iterable[str], drug: str) -> tuple[ClinicalDate, ...]:
        """Give the dates on which a drug was given, by these resources."""
        return _in_order(
            each.start
            for each in self.exposures(sources, drug)
            if each.kind is ExposureKind.ADMINISTRATION
        )

    def taken(self, exposures: tuple[Exposure, ...]) -> tuple[Piece, ...]:
        """Give the days of exposures, joined."""
        spans = taken_days(exposures, self.grounds)
        return tuple(Piece(first=span.start, last=plus_days(span.end, -1)) for span in spans)

    def begun(self, exposures: tuple[Exposure, ...]) -> tuple[ClinicalDate, ...]:
        """Give the dates of exposures of which only a date is known."""
        return _in_order(each.start or each.end for each in exposures)

    def events(self, sources: Iterable[str]) -> tuple[ClinicalDate, ...]:
        """Give the dates of procedures, diagnoses, measurements and vaccinations."""
        named, facts = set(sources), self.grounds.facts
        dated: tuple[Procedure | Measurement | Vaccination, ...] = (
            *facts.procedures,
            *facts.measurements,
            *facts.vaccinations,
        )
        found = [each.date for each in dated if named.intersection(each.sources)]
        found += [
            _recorded(each)
            for each in (*facts.diagnoses, *facts.unconfirmed)
            if named.intersection(each.sources)
        ]
        return _in_order(found)

    def tell(self, pieces: Sequence[Piece], at: Sequence[ClinicalDate]) -> str:
        """Say when it was: the days covered, or the single dates."""
        if pieces:
            return ", ".join(_tell_piece(each) for each in pieces)
        return ", ".join(dict.fromkeys(each.text for each in at)) or "not dated"


def _tell_piece(piece: Piece) -> str:
    same = piece.first == piece.last
    return f"{piece.first}" if same else f"{piece.first} to {piece.last}"


def _recorded(diagnosis: Diagnosis) -> ClinicalDate | None:
    return diagnosis.onset or diagnosis.recorded or diagnosis.abatement


def _in_order(dates: Iterable[ClinicalDate | None]) -> tuple[ClinicalDate, ...]:
    known = {each for each in dates if each is not None}
    return tuple(sorted(known, key=lambda each: (each.earliest, each.latest)))
