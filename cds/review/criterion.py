"""What is one criterion of a decision, and how does a finding of the rules become one?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from cds.pages.page import read_name
from rules.findings import Assessment, Finding, SuicideSignal, Verdict, Withheld
from rules.order_findings import OrderAssessment
from rules.plain_words import kind_of_record, spelled


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One criterion with its grounds, and the smaller ones it was judged by.

    id: the same in every decision; those below a criterion are numbered. verdict: None where
    nothing was judged: a thing that is only shown, or a question that did not come up. words: how
    it came out, in words; because: the sentence of the rule. notes: what else was said of it.
    """

    id: str
    title: str
    verdict: Verdict | None
    words: str
    because: str
    sources: tuple[str, ...] = ()
    citations: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    children: tuple["Criterion", ...] = ()

    def walk(self) -> Iterable["Criterion"]:
        """Give the criterion and all below it, each before its own."""
        yield self
        for child in self.children:
            yield from child.walk()


VERDICT_WORDS: Mapping[Verdict, str] = {
    Verdict.MET: "Met",
    Verdict.NOT_MET: "Not met",
    Verdict.CANNOT_TELL: "Cannot tell",
}
_FOUND: Mapping[Verdict, str] = {
    Verdict.MET: "Found",
    Verdict.NOT_MET: "Not found",
    Verdict.CANNOT_TELL: "Cannot tell",
}


def of_finding(finding: Finding, key: str, title: str, words: str = "") -> Criterion:
    """Give a finding as a criterion; words: how it came out, unless by its verdict."""
    return Criterion(
        id=key,
        title=title,
        verdict=finding.verdict,
        words=words or VERDICT_WORDS[finding.verdict],
        because=finding.because,
        sources=finding.sources,
        citations=finding.citations,
    )


def of_thing_found(finding: Finding, key: str, title: str) -> Criterion:
    """Something that is there or not: "met" would be read as good news of it."""
    is_open = finding.verdict is Verdict.CANNOT_TELL
    judged = of_finding(finding, key, title, _FOUND[finding.verdict])
    return replace(judged, verdict=finding.verdict if is_open else None)


def withheld_criteria(withheld: Iterable[Withheld]) -> Iterable[Criterion]:
    """Give each reason for which a card is withheld."""
    for place, each in enumerate(withheld, 1):
        yield of_thing_found(each.finding, f"withheld-{place}", read_name(each.reason))


def signal_criteria(signals: Iterable[SuicideSignal]) -> Iterable[Criterion]:
    """Give each signal of suicidal thoughts or self-harm, with its day."""
    for place, each in enumerate(signals, 1):
        judged = of_thing_found(each.finding, f"signal-{place}", each.label)
        day = f"Date: {each.date or 'not dated'}"
        disagrees = ("The total of the scale disagrees",) if each.total_disagrees else ()
        yield replace(judged, notes=(day, *disagrees))


def record_criterion(assessment: Assessment | OrderAssessment) -> Criterion:
    """Give what is known to be missing of the record, each gap by itself."""
    gaps = assessment.gaps
    return Criterion(
        id="record",
        title="The record arrived whole",
        verdict=Verdict.CANNOT_TELL if gaps else Verdict.MET,
        words="Parts are missing" if gaps else "No gap known",
        because=(
            f"{spelled(len(gaps), 'part', 'parts')} of it could not be had or read"
            if gaps
            else "no part of it is known to be missing"
        ),
        children=tuple(
            Criterion(
                id=f"gap-{place}",
                title=read_name(kind_of_record(gap.what)),
                verdict=Verdict.CANNOT_TELL,
                words="Missing",
                because=gap.because,
            )
            for place, gap in enumerate(gaps, 1)
        ),
    )
