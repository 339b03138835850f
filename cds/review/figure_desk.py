"""Where do figures come from? What the store holds of a period, described."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from cds.review.alternatives import Alternatives, try_alternatives
from cds.review.behaviour import FIRED, Behaviour, describe_behaviour
from cds.review.judging import CRITERIA, OVERALL, Judgement
from cds.review.reasons import read_reasons
from cds.review.sample_figures import JudgedDecision, SampleFigures, describe_sample
from cds.review.silent_report import AskedReport, SilentReport, Verdict, write_report
from cds.review.trend import WINDOWS, Trend, draw_trends
from cds.review.yardstick import read_yardstick
from cds.store.database import Store
from cds.store.figures import FigureSource, Period
from cds.store.judged_cases import JudgedCase, JudgedCases
from cds.store.samples import KeptSample, Samples
from cds.store.utc_days import begin_of, end_of
from rules.knowledge import Knowledge

LONGEST = max(days for days, _ in WINDOWS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """How the service behaved in the days that end with `last`, and how that changed."""

    first: date
    last: date
    behaviour: Behaviour
    trends: tuple[Trend, ...]


class FigureDesk:
    """Works figures out for a page or a command. Every method: Errors: StoreUnavailable."""

    def __init__(self, store: Store, knowledge: Knowledge, now: Callable[[], datetime]) -> None:
        self._source = FigureSource(store)
        self._samples = Samples(store)
        self._judged = JudgedCases(store)
        self._knowledge = knowledge
        self._now = now
        self._reasons = {each.code: each.display for each in read_reasons()}

    @property
    def today(self) -> date:
        """Give the day it is, in UTC."""
        return self._now().astimezone(UTC).date()

    def clients_and_services(self) -> tuple[tuple[str, str], ...]:
        """Give which client asked which service."""
        return self._source.clients_and_services()

    def samples(self) -> tuple[KeptSample, ...]:
        """Give all samples, the newest first."""
        return self._samples.everything()

    def overview(self, days: int, client: str | None, service: str | None) -> Overview:
        """Describe the last so many days, with today. days: 1 to LONGEST."""
        last = self.today
        whole = period_of(last - timedelta(days=LONGEST - 1), last, client, service)
        asked = period_of(last - timedelta(days=days - 1), last, client, service)
        seen = self._source.seen(whole)
        return Overview(
            first=last - timedelta(days=days - 1),
            last=last,
            behaviour=describe_behaviour(
                [each for each in seen if each.at >= asked.since],
                self._source.shown_cards(asked),
                self._reasons,
            ),
            trends=draw_trends(seen, last),
        )

    def of_sample(self, sample: KeptSample) -> SampleFigures:
        """Describe what reviewers said of a sample, as far as both have submitted."""
        judged = self._judged.of_sample(sample.id)
        return describe_sample(sample.strata, [_judged_decision(each) for each in judged])

    def report(self, asked: AskedReport, at_most: int | None = None) -> SilentReport:
        """Write the report on a period. at_most: how many kept cases are assessed again."""
        period = period_of(asked.first, asked.last, asked.client, asked.service)
        return write_report(
            self._source.seen(period),
            self._verdicts(period),
            self._alternatives(period, at_most),
            asked,
        )

    def _alternatives(self, period: Period, at_most: int | None) -> Alternatives:
        return try_alternatives(
            self._source.kept_cases(period, at_most),
            self._source.count_kept_cases(period),
            self._knowledge,
            read_yardstick(),
        )

    def _verdicts(self, period: Period) -> Iterable[Verdict]:
        inside = self._source.sampled_in(period)
        return [
            Verdict(decision=each.decision, fired=_fired(each), settled=_settled(each))
            for each in self._judged.of_all_samples()
            if each.decision in inside
        ]


def period_of(first: date, last: date, client: str | None, service: str | None) -> Period:
    """Give the time of some days in UTC, the first and the last included."""
    return Period(
        since=begin_of(first),
        until=end_of(last),
        client=client,
        service=service,
    )


def _judged_decision(case: JudgedCase) -> JudgedDecision:
    return JudgedDecision(
        stratum=case.stratum,
        fired=_fired(case),
        first=_verdicts_of(case.first.judgement),
        second=_verdicts_of(case.second.judgement),
        settled=_settled(case),
    )


def _fired(case: JudgedCase) -> bool:
    return case.review_class in FIRED


def _settled(case: JudgedCase) -> str | None:
    result = case.result
    verdict = result.overall.verdict if result else None
    return verdict.value if verdict else None


def _verdicts_of(judgement: Judgement) -> dict[str, str]:
    said = {question: judgement.verdict_on(question) for question in (OVERALL, *CRITERIA)}
    return {question: verdict.value for question, verdict in said.items() if verdict}
