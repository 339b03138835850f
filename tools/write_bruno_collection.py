"""Which calls can an integrator send by a click? Writes docs/integration/bruno, a Bruno collection.

Bodies come from fixtures/. A hook call is evaluated today, so a script in it moves its dates first,
as `trd-cds move-dates` does.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from textwrap import indent
from typing import Any

from cds.hooks.catalogue import ORDER_SELECT, ORDER_SIGN, PATIENT_VIEW
from tools.openapi.examples import bundle_example, day_of, request_example

FOLDER = Path(__file__).parent.parent / "docs" / "integration" / "bruno"
CARD_VARIABLE = "card"
_CARD = "{{" + CARD_VARIABLE + "}}"
_MOVE_DATES = """\
const day = 24 * 60 * 60 * 1000;
const moved = Math.floor(Date.now() / day) - Date.parse("{written_for}") / day;
const later = (text) => new Date(Date.parse(text) + moved * day).toISOString().slice(0, 10);
const body = JSON.stringify(req.getBody());
const dated = /"(\\d{{4}}-\\d{{2}}-\\d{{2}})(?=["T])/g;
req.setBody(JSON.parse(body.replace(dated, (_, text) => '"' + later(text))));"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call. written_for: the day its dates are of, where they must be moved to today."""

    name: str
    path: str
    status: int
    body: Mapping[str, Any] | None = None
    written_for: date | None = None
    keeps_card: bool = False


def collection() -> Mapping[Path, str]:
    """Give each file of the collection by its path."""
    manifest = {"version": "1", "name": "TRD and inflammation", "type": "collection"}
    local = _block("vars", "base: http://127.0.0.1:8000\ntoken: ")
    return {
        FOLDER / "bruno.json": json.dumps(manifest, indent=2) + "\n",
        FOLDER / "environments" / "local.bru": local,
        **{
            FOLDER / f"{number:02} {call.name}.bru": _write(number, call)
            for number, call in enumerate(_calls(), start=1)
        },
    }


def _calls() -> Iterator[Call]:
    yield Call(name="Readiness", path="/readyz", status=200)
    yield Call(name="Discovery", path="/cds-services", status=200)
    yield _hook("patient-view, a card", PATIENT_VIEW, "evidence-card", keeps_card=True)
    yield _hook("patient-view, no card is due", PATIENT_VIEW, "nothing-to-say")
    yield _hook("patient-view, data missing", PATIENT_VIEW, "required-key-missing", status=412)
    yield _hook("order-select, a card", ORDER_SELECT, "order-select-experimental-drug")
    yield _hook("order-sign, a card", ORDER_SIGN, "order-sign-experimental-drug")
    yield Call(
        name="Feedback on the card",
        path=f"/cds-services/{PATIENT_VIEW}/feedback",
        status=200,
        body={
            "feedback": [
                {
                    "card": _CARD,
                    "outcome": "overridden",
                    "overrideReason": {"userComment": "A try"},
                    "outcomeTimestamp": "2026-06-30T12:00:00Z",
                }
            ]
        },
    )
    yield Call(name="A Bundle", path="/evaluate", status=200, body=bundle_example("C01"))


def _hook(
    name: str, service: str, request: str, *, status: int = 200, keeps_card: bool = False
) -> Call:
    body = request_example(request)
    return Call(
        name=name,
        path=f"/cds-services/{service}",
        status=status,
        body=body,
        written_for=day_of(body),
        keeps_card=keeps_card,
    )


def _write(number: int, call: Call) -> str:
    return "\n".join(_blocks(number, call))


def _blocks(number: int, call: Call) -> Iterator[str]:
    yield _block("meta", f"name: {call.name}\ntype: http\nseq: {number}")
    address = f"url: {{{{base}}}}{call.path}"
    if call.body is None:
        yield _block("get", f"{address}\nbody: none\nauth: none")
    else:
        yield _block("post", f"{address}\nbody: json\nauth: bearer")
        yield _block("auth:bearer", "token: {{token}}")
        yield _block("body:json", json.dumps(call.body, indent=2, ensure_ascii=False))
    if call.keeps_card:
        yield _block("vars:post-response", f"{CARD_VARIABLE}: res.body.cards[0].uuid")
    yield _block("assert", f"res.status: eq {call.status}")
    if call.written_for is not None:
        yield _block("script:pre-request", _MOVE_DATES.format(written_for=call.written_for))


def _block(name: str, content: str) -> str:
    return f"{name} {{\n{indent(content, '  ')}\n}}\n"


def main() -> None:
    files = collection()
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for path in set(FOLDER.rglob("*.bru")) - files.keys():
        path.unlink()


if __name__ == "__main__":
    main()
