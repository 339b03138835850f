"""What holds of every answer, whatever the body was?

Each promise is one function that gives the first way in which it is broken, or None.
"""

import html
import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
from pydantic import ValidationError

from cds.hooks.card import Card
from tests.cds.pages import Page
from tests.fuzz.answer_shapes import EvaluateAnswer, FeedbackAnswer, HookAnswer, OperationOutcome
from tests.fuzz.routes import TARGETS, Answer, Case, Service

# The space keeps it from being an id: an id of FHIR's form may be told, and is, in `sources`.
CANARY = "Zebedee Canary 1931"
_FRESH = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
# What reorders or hides text on a screen. None of our own words holds any of it.
_HIDING = frozenset("\u061c\u200b\u200e\u200f\u2060\ufeff") | {
    chr(point) for span in ((0x202A, 0x202F), (0x2066, 0x206A)) for point in range(*span)
}

Promise = Callable[[Case, Answer], str | None]


def answers_a_documented_status(case: Case, answer: Answer) -> str | None:
    if answer.status in TARGETS[case.target].statuses:
        return None
    fault = f"status {answer.status}"
    if answer.status >= 500:
        logged = (json.loads(line) for line in answer.log.splitlines())
        frames = [f"{line['fault']} in {line['frames'][-3:]}" for line in logged if "fault" in line]
        fault += f": {'; '.join(frames)}"
    return fault


def has_the_promised_shape(case: Case, answer: Answer) -> str | None:
    if TARGETS[case.target].is_page:
        return _fault_of_page(answer)
    if answer.mimetype != "application/json":
        return f"media type {answer.mimetype}"
    try:
        _read_json(case, answer)
    except (ValueError, ValidationError) as error:  # msgspec's errors are ValueErrors
        return f"{type(error).__name__}: {error}"
    return None


def says_under_which_id_it_is_logged(_: Case, answer: Answer) -> str | None:
    if not _FRESH.fullmatch(answer.correlation_id):
        return "no correlation id in the header"
    told = answer.status < 300 or answer.correlation_id in answer.body.decode()
    return None if told else "the refusal does not tell its correlation id"


def repeats_no_free_text(case: Case, answer: Answer) -> str | None:
    told = _text_of(case, answer)
    if CANARY in told:
        return f"repeats the text of the record: {_around(told, CANARY)}"
    hiding = next((sign for sign in told if sign in _HIDING or _is_control(sign)), None)
    return None if hiding is None else f"holds U+{ord(hiding):04X}: {_around(told, hiding)}"


def logs_no_free_text(_: Case, answer: Answer) -> str | None:
    return f"the log has it: {_around(answer.log, CANARY)}" if CANARY in answer.log else None


PROMISES: tuple[Promise, ...] = (
    answers_a_documented_status,
    has_the_promised_shape,
    says_under_which_id_it_is_logged,
    repeats_no_free_text,
    logs_no_free_text,
)


def find_broken_promise(service: Service, case: Case) -> str | None:
    """Send a case twice; give the first promise its answer breaks, or None."""
    first, second = service.send(case), service.send(case)
    for promise in PROMISES:
        if fault := promise(case, first):
            return f"{promise.__name__}: {fault}"
    if without_fresh_ids(first) != without_fresh_ids(second):
        return "answers_the_same_twice: the second answer differs"
    return None


def without_fresh_ids(answer: Answer) -> tuple[int, str]:
    """Give what must be the same for the same body: all but the ids made for each answer."""
    return answer.status, _FRESH.sub("ID", answer.body.decode())


def _read_json(case: Case, answer: Answer) -> None:
    value = json.loads(answer.body, parse_constant=_refuse, object_pairs_hook=_once)
    if answer.status >= 300:
        msgspec.convert(value, OperationOutcome)
        return
    if case.target == "feedback":
        msgspec.convert(value, FeedbackAnswer)
        return
    shape = HookAnswer if TARGETS[case.target].is_hook else EvaluateAnswer
    msgspec.convert(value, shape)
    if shape is EvaluateAnswer and ("validation" in value) is (case.target == "unvalidated"):
        raise ValueError("the validation report is there and was not asked for, or the reverse")
    for card in value["cards"]:
        Card.model_validate(card)
    _refuse_empty(value.get("assessment", "none"), "assessment")
    _refuse_empty(value["cards"] or "none", "cards")


def _fault_of_page(answer: Answer) -> str | None:
    page = Page(answer.body.decode())
    if answer.mimetype != "text/html":
        return f"media type {answer.mimetype}"
    if page.faults:
        return f"the page is not well formed: {page.faults[0]}"
    said = "Not evaluated" in page.text
    return None if said is (answer.status >= 300) else "the page does not say what became of it"


def _text_of(case: Case, answer: Answer) -> str:
    """Give what a reader sees: escapes of JSON or of HTML read."""
    text = answer.body.decode()
    if TARGETS[case.target].is_page:
        return html.unescape(text)
    return "\n".join(_texts_in(json.loads(text)))


def _texts_in(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, member in value.items():
            yield name
            yield from _texts_in(member)
    elif isinstance(value, list):
        for item in value:
            yield from _texts_in(item)


def _is_control(sign: str) -> bool:
    return unicodedata.category(sign) in {"Cc", "Cs"} and sign != "\n"


def _around(text: str, part: str) -> str:
    place = text.index(part)
    return ascii(text[max(0, place - 60) : place + 60])


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a key stands there twice")
    return members


def _refuse_empty(value: object, path: str) -> None:
    if value is None or value in ("", [], {}):
        raise ValueError(f"{path} is empty")
    if isinstance(value, dict | list):
        for place, member in value.items() if isinstance(value, dict) else enumerate(value):
            _refuse_empty(member, f"{path}.{place}")
