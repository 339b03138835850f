"""How is the silent-mode report told: as JSON, as plain text, as words for a template?"""

from collections.abc import Iterable, Iterator
from typing import Any

from cds.review.alternatives import Alternatives
from cds.review.classes import OPEN_CRITERIA
from cds.review.figure_json import tell_figures
from cds.review.proportion import Proportion
from cds.review.silent_report import NO_VERDICT, SYNTHETIC, SilentReport
from cds.review.yardstick import read_yardstick

_PER_VIEWS, _PER_PATIENTS = 1000, 100


def words_of(report: SilentReport) -> dict[str, Any]:
    """Give a template what it needs besides the report."""
    return {
        "missing": _missing(report),
        "alternatives": read_yardstick().alternatives,
        "synthetic_words": SYNTHETIC,
        "no_verdict": NO_VERDICT,
    }


def tell_report(report: SilentReport) -> dict[str, object]:
    """Write the report as JSON."""
    told: dict[str, object] = tell_figures(report)
    notice = {"notice": SYNTHETIC} if report.synthetic else {}
    return {**notice, "noVerdict": NO_VERDICT, **told}


def write_as_text(report: SilentReport) -> str:
    """Write the report as plain text, a line for each figure."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: SilentReport) -> Iterator[str]:
    firing = report.firing
    yield f"Silent-mode report, {report.first} to {report.last} (days in UTC)"
    yield f"client: {report.client or 'all'}; service: {report.service or 'all'}"
    if report.synthetic:
        yield SYNTHETIC
    yield NO_VERDICT
    yield ""
    yield f"evaluations: {firing.views:,} of {firing.patients:,} patients"
    yield f"a card was due: {firing.per_view.per(_PER_VIEWS)}"
    yield f"patients with a card: {firing.per_patient.per(_PER_PATIENTS)}"
    yield f"repeats: {firing.repeats}"
    yield f"near misses: {firing.near_misses}"
    yield f"could not tell: {firing.could_not_tell}"
    yield f"left out: {firing.switched_off} switched off, {firing.unclassified} without a class"
    yield from _burden(report)
    yield from _section(
        "what was missing, of the evaluations that could not tell", _missing(report)
    )
    yield ""
    yield f"PPV: {report.judged.ppv}"
    yield f"PPV, could not tell left out: {report.judged.ppv_told}"
    yield f"judged and not settled: {report.judged.not_settled}"
    yield from _alternatives(report.alternatives)


def _burden(report: SilentReport) -> Iterator[str]:
    burden = report.burden
    yield (
        f"evaluations with a card: {burden.cards} in {burden.days} days; {burden.usual:g} on the "
        f"middle day, {burden.most} on the busiest"
    )
    if burden.per_clinician is not None:
        each = f"{burden.per_clinician:.3f}"
        yield f"for each of {burden.clinicians} clinicians: {each} a day"


def _section(title: str, rows: Iterable[tuple[str, Proportion]]) -> Iterator[str]:
    found = list(rows)
    if found:
        yield ""
        yield f"{title}:"
    for name, share in found:
        yield f"  {name}: {share}"


def _alternatives(tries: Alternatives) -> Iterator[str]:
    yield ""
    yield (
        f"other thresholds, on {tries.tried} of {tries.cases} kept cases (not tried: "
        f"{tries.beyond} beyond the newest, {tries.unreadable} unreadable, {tries.of_orders} of "
        "draft orders):"
    )
    labels = {each.parameter: each.label for each in read_yardstick().alternatives}
    for row in tries.rows:
        words = "; ".join(f"{labels[name]} {value}" for name, value in row.words.items())
        in_force = " (in force)" if row.in_force else ""
        yield f"  {words}{in_force}: any card {row.fires}; evidence card {row.evidence}"
        yield f"    {row.more} more and {row.fewer} fewer than in force. {row.note}".rstrip()


def _missing(report: SilentReport) -> list[tuple[str, Proportion]]:
    return [(OPEN_CRITERIA.get(key, key), share) for key, share in report.missing]
