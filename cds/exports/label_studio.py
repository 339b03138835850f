"""How do judgements read in Label Studio, and in tools that read its exports, such as chart-review?

A task is a case, and an annotation what one person said of it. Each choice names its question:
chart-review compares choices by their words alone, so "agree" to two questions must be two words.
A comment is in `meta` of its result and is no result of its own, which chart-review would take for
a label.
Source: https://labelstud.io/guide/task_format and https://docs.smarthealthit.org/cumulus/chart-review.
"""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import groupby
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

import msgspec

from cds.exports.tables import write_moment
from cds.review.judging import CRITERIA, OVERALL, Place, Verdict3, title_of
from cds.review.reasons import Reason
from cds.store.export_records import ExportedJudgement

Json = dict[str, Any]
_QUESTIONS = (OVERALL, *CRITERIA)
_TEXT = "case"
# JSON numbers are exact to 2 to the power of 53, and Label Studio's ids fit into 31 bits.
_TASK_IDS, _SMALL_IDS = 2**52, 2**31


def choice_of(question: str, verdict: Verdict3) -> str:
    """Give the words of one choice, such as "inflammation: agree"."""
    return f"{question}: {verdict.value}"


def reason_choice(question: str, reason: str) -> str:
    """Give the words of one reason, such as "inflammation because: patient-ineligible"."""
    return f"{question} because: {reason}"


def annotator_id(account: str) -> int:
    """Give the number that stands for an account, since Label Studio numbers its users."""
    return _number(_SMALL_IDS, "account", account)


def write_tasks(judgements: Iterable[ExportedJudgement]) -> Iterator[bytes]:
    """Write the tasks as one JSON list, a task at a time; a case's judgements come together.

    The adjudicator's annotation is the ground truth; there is none where both reviewers agreed.
    """
    before = b"[\n"
    for _, said in groupby(judgements, key=lambda each: (each.sample, each.decision)):
        yield before + msgspec.json.encode(_task(list(said)))
        before = b",\n"
    yield b"\n]\n" if before != b"[\n" else b"[]\n"


def write_config(judgements: Iterable[ExportedJudgement]) -> Iterator[bytes]:
    """Write the configuration of chart-review: who is which number, and the labels to compare."""
    people = {each.reviewer: annotator_id(each.account) for each in judgements}
    labels = [choice_of(question, each) for question in _QUESTIONS for each in Verdict3]
    content = {"annotators": dict(sorted(people.items())), "labels": labels}
    yield msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n"


def write_labelling(reasons: Sequence[Reason]) -> Iterator[bytes]:
    """Write the labelling configuration of a Label Studio project that takes these tasks."""
    view = Element("View")
    SubElement(view, "Header", value="Decision of the service")
    SubElement(view, "Text", name=_TEXT, value=f"${_TEXT}")
    for question in _QUESTIONS:
        SubElement(view, "Header", value=title_of(question))
        verdicts = SubElement(view, "Choices", name=question, toName=_TEXT, choice="single")
        for verdict in Verdict3:
            SubElement(verdicts, "Choice", value=choice_of(question, verdict))
        because = SubElement(
            view, "Choices", name=_reasons_of(question), toName=_TEXT, choice="multiple"
        )
        for reason in reasons:
            words = reason_choice(question, reason.code)
            SubElement(because, "Choice", value=words, hint=reason.display)
    indent(view)
    yield tostring(view, encoding="unicode").encode() + b"\n"


def _task(said: Sequence[ExportedJudgement]) -> Json:
    first = said[0]
    number = _number(_TASK_IDS, "task", first.sample, first.decision)
    return {
        "id": number,
        "data": {
            _TEXT: f"Decision {first.decision}",
            "decision": first.decision,
            "sample": first.sample,
            "sample_name": first.sample_name,
            "client": first.client,
            "patient": first.pseudonym,
            "review_class": first.review_class,
            "stratum": first.stratum,
            "people": [
                {
                    "id": annotator_id(each.account),
                    "place": each.place,
                    "because": each.judgement.because,
                }
                for each in said
            ],
        },
        "annotations": [_annotation(each, number) for each in said],
        "predictions": [],
    }


def _annotation(said: ExportedJudgement, task: int) -> Json:
    moment = write_moment(said.saved_at)
    results = [each for question in _QUESTIONS for each in _results(said, question)]
    return {
        "id": _number(_SMALL_IDS, "annotation", said.sample, said.decision, said.place),
        "completed_by": annotator_id(said.account),
        "task": task,
        "was_cancelled": False,
        "ground_truth": said.place == Place.ADJUDICATOR.value,
        "created_at": moment,
        "updated_at": moment,
        "result_count": len(results),
        "result": results,
    }


def _results(said: ExportedJudgement, question: str) -> Iterator[Json]:
    """Write the answer to one question: its verdict, then its reasons."""
    answer = said.judgement.answer_to(question)
    if answer.verdict is None:
        return
    verdict = choice_of(question, answer.verdict)
    yield _result(question, [verdict]) | {"meta": {"text": [answer.comment]}}
    if answer.reasons:
        words = [reason_choice(question, each) for each in answer.reasons]
        yield _result(_reasons_of(question), words)


def _result(name: str, choices: list[str]) -> Json:
    return {
        "id": name,
        "from_name": name,
        "to_name": _TEXT,
        "type": "choices",
        "value": {"choices": choices},
    }


def _reasons_of(question: str) -> str:
    return f"{question}_reasons"


def _number(below: int, *parts: str) -> int:
    """Give the same number for the same parts in every export; two alike are very unlikely."""
    digest = sha256("\0".join(parts).encode()).digest()
    return int.from_bytes(digest[:8]) % below
