"""What stands in the golden files? `python -m tests.conformance.write_goldens` writes them anew.

Read the difference before it is committed: it is what clients would see.
"""

import json
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from rules.knowledge import load_knowledge
from tests.conformance.dialects import EXCHANGES, Exchange
from tests.conformance.golden_service import GOLDENS, golden_service

REQUEST, RESPONSE = ".request.json", ".response.json"
WIDTH = 99


def request_file(exchange: Exchange) -> Path:
    return GOLDENS / exchange.client / f"{exchange.name}{REQUEST}"


def response_file(request: Path) -> Path:
    return request.with_name(request.name.replace(REQUEST, RESPONSE))


def written_now() -> set[Path]:
    """Give every golden file there is."""
    return {path for end in (REQUEST, RESPONSE) for path in GOLDENS.glob(f"*/*{end}")}


def write(content: Mapping[str, Any]) -> str:
    """Write a golden file: what fits stands on one line, what does not has a line for each part."""
    return _write(content, "", 0) + "\n"


def _write(value: Any, margin: str, used: int) -> str:
    short = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict | list) or used + len(margin) + len(short) <= WIDTH:
        return short
    inner = f"{margin}  "
    if isinstance(value, list):
        parts = [_write(each, inner, 0) for each in value]
        return _lines("[", parts, "]", margin)
    names = {name: f"{json.dumps(name, ensure_ascii=False)}: " for name in value}
    parts = [names[name] + _write(each, inner, len(names[name])) for name, each in value.items()]
    return _lines("{", parts, "}", margin)


def _lines(first: str, parts: Iterable[str], last: str, margin: str) -> str:
    between = f",\n{margin}  "
    return f"{first}\n{margin}  {between.join(parts)}\n{margin}{last}"


def main() -> None:
    knowledge = load_knowledge()
    for left_over in written_now():
        left_over.unlink()
    with (
        tempfile.TemporaryDirectory() as folder,
        golden_service(knowledge, Path(folder)) as service,
    ):
        for exchange in EXCHANGES:
            request, told = request_file(exchange), exchange.tell()
            request.parent.mkdir(exist_ok=True)
            request.write_text(write(told), encoding="utf-8")
            answer = service.answer(told)
            response_file(request).write_text(write(answer), encoding="utf-8")
    sys.stdout.write(f"{len(EXCHANGES)} pairs in {GOLDENS}\n")


if __name__ == "__main__":
    main()
