"""Which scores and results are on the picture? Each with its value, its reading and its shape."""

from collections.abc import Iterator, Mapping
from datetime import date

from cds.pages.page import read_name
from cds.pages.words import LABELS
from cds.timeline.grounds import Grounds
from cds.timeline.scene import Datum, Group, Look
from rules.clinical_time import ClinicalDate, exact
from rules.codes import Code
from rules.facts import Score
from rules.findings import LabelledResult, ResultLabel
from rules.knowledge.model import Scale
from rules.plain_words import number
from rules.severity import Total

CRP_LANE = "CRP"
CRP_UNIT = "mg/L"
LABEL_LOOKS = {
    ResultLabel.NORMAL: Look.RING,
    ResultLabel.RAISED: Look.DISC,
    ResultLabel.ACUTE_RANGE: Look.TRIANGLE,
    ResultLabel.CENSORED: Look.RING,
    ResultLabel.CENSORED_HIGH: Look.DISC,
    ResultLabel.CONFOUNDED: Look.DIAMOND,
    ResultLabel.DISPLAY_ONLY: Look.SQUARE,
}
_BLOCKED = "il6_blockade"
_NOT_READ = "Not read: under or soon after a drug that blocks IL-6"


def scores_of(grounds: Grounds) -> Iterator[Datum]:
    """Give the totals of each scale, then those that are left out, with the reason.

    Points, on the scale of the lane. Unknown input: a total that is dated only to the month or
    year is drawn over the days it can mean, and told as not used; any other that is left out has
    a row and no mark.
    """
    count = 0
    for count, total in enumerate(grounds.scores.totals, start=1):
        yield _score(f"score-{count}", total)
    for total in grounds.scores.contradicted:
        count += 1
        yield _contradicted(f"score-{count}", total)
    known = {each.sources for each in (*grounds.scores.totals, *grounds.scores.contradicted)}
    for score in grounds.facts.scores:
        scale = _scale_of_total(score.code, grounds)
        if scale is None or score.sources in known:
            continue
        count += 1
        yield _left_out(f"score-{count}", score, scale, grounds)


def results_of(grounds: Grounds) -> Iterator[Datum]:
    """Give the laboratory results as the verdict read them, then those that could not be read.

    CRP in mg/L on a scale; markers without a cut-off as reported, without a scale. Unknown input:
    a result that could not be read has a row with the reason and no mark.
    """
    results, dates = grounds.assessment.inflammation.results, _dates(grounds)
    several = len({each.marker_name for each in results if _compared(each)}) > 1
    for count, result in enumerate(reversed(results), start=1):
        when = dates.get((result.sources, result.date), exact(result.date))
        yield _result(f"result-{count}", result, when, several=several)
    read = {each.sources for each in results}
    unread = [each for each in grounds.facts.markers if each.sources not in read]
    for count, marker in enumerate(unread, start=len(results) + 1):
        yield Datum(
            key=f"result-{count}",
            group=Group.RESULT,
            lane=CRP_LANE,
            what=grounds.knowledge.markers[marker.code].name,
            value="not read",
            when=marker.date.text if marker.date else "not dated",
            reading="Not used",
            because=_why_not(marker.sources, grounds),
            look=Look.CROSS,
            sources=marker.sources,
            undrawn="it could not be read",
        )


def _score(key: str, total: Total) -> Datum:
    high = total.value >= total.scale.moderate
    limit = total.scale.moderate
    return Datum(
        key=key,
        group=Group.SCORE,
        lane=total.scale.name,
        what=total.scale.name,
        value=f"{number(total.value)} points",
        when=total.day.isoformat(),
        reading=f"{limit} or more" if high else f"Below {limit}",
        look=Look.DISC if high else Look.RING,
        sources=total.sources,
        at=(exact(total.day),),
        level=total.value,
        told=number(total.value),
    )


def _contradicted(key: str, total: Total) -> Datum:
    return Datum(
        key=key,
        group=Group.SCORE,
        lane=total.scale.name,
        what=total.scale.name,
        value=f"{number(total.value)} points",
        when=total.day.isoformat(),
        reading="Not used",
        because="the total is below the answer to one of its own items",
        look=Look.CROSS,
        sources=total.sources,
        at=(exact(total.day),),
        level=total.value,
        told=number(total.value),
    )


def _left_out(key: str, score: Score, scale: Scale, grounds: Grounds) -> Datum:
    """A total that the rules left out; on the picture only where nothing but its date is vague."""
    because, when = _why_not(score.sources, grounds), score.date
    context = scale.key in grounds.knowledge.context_scales
    in_range = score.value is not None and scale.minimum <= score.value <= scale.maximum
    placed = in_range and when is not None and score.code in scale.totals
    placed = placed and (context or because.startswith("a score dated only"))
    value = "no value" if score.value is None else f"{number(score.value)} points"
    return Datum(
        key=key,
        group=Group.SCORE,
        lane=scale.name,
        what=scale.name,
        value=value,
        when=when.text if when else "not dated",
        reading="Shown only, never compared" if context else "Not used",
        because=because,
        look=Look.SQUARE if context else Look.CROSS,
        sources=score.sources,
        at=(when,) if placed and when else (),
        level=score.value,
        told=number(score.value) if score.value is not None else "",
        undrawn="" if placed else because or "it has no value that could be placed",
    )


def _result(key: str, result: LabelledResult, when: ClinicalDate, *, several: bool) -> Datum:
    compared, blocked = _compared(result), _BLOCKED in result.notes
    value = result.shown.removeprefix(result.marker_name).strip()
    told = value.removesuffix(CRP_UNIT).strip() if compared else value.partition(" (")[0]
    notes = [read_name(each).lower() for each in result.notes if each != _BLOCKED]
    reading = _NOT_READ if blocked else LABELS[result.label]
    short = f"hs {told}" if several and result.marker == "hs_crp" else told
    return Datum(
        key=key,
        group=Group.RESULT if compared else Group.MARKER,
        lane=CRP_LANE if compared else result.marker_name,
        what=result.marker_name,
        value=value,
        when=when.text,
        reading="; ".join((reading, *notes)),
        look=Look.CROSS if blocked else LABEL_LOOKS[result.label],
        sources=result.sources,
        at=(when,),
        level=result.value_mg_per_l,
        bound=_bound(result),
        told=short,
    )


def _bound(result: LabelledResult) -> str:
    """Which way a bound lies; a range that settles nothing lies below its upper end."""
    if result.comparator is None:
        return "<" if result.label is ResultLabel.CENSORED else ""
    return result.comparator[0]


def _compared(result: LabelledResult) -> bool:
    return result.value_mg_per_l is not None


def _dates(grounds: Grounds) -> Mapping[tuple[tuple[str, ...], date], ClinicalDate]:
    """The dates as recorded, by resource and first day: an assessment holds the first day only."""
    return {
        (each.sources, each.date.earliest): each.date
        for each in grounds.facts.markers
        if each.date is not None
    }


def _scale_of_total(code: Code, grounds: Grounds) -> Scale | None:
    """The scale of a total, or of a code taken for one; items have no lane."""
    knowledge = grounds.knowledge
    for scale in (*knowledge.scales.values(), *knowledge.context_scales.values()):
        if code in scale.totals or code in scale.not_totals:
            return scale
    return None


def _why_not(sources: tuple[str, ...], grounds: Grounds) -> str:
    found = (each.because for each in grounds.assessment.not_used if each.source in sources)
    return next(found, "")
