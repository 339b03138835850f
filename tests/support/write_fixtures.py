"""Which files stand in fixtures/, and what is in them?

`python -m tests.support.write_fixtures` writes one Bundle for each vignette, and hook requests for
each kind of answer. The same knowledge and vignettes always give the same bytes.
"""

import csv
import json
import sys
from collections.abc import Iterator, Mapping
from io import StringIO
from pathlib import Path
from typing import Any

from rules.knowledge import Knowledge, load_knowledge
from tests.support.as_bundle import bundle_of
from tests.support.hook_request import hook_request_of
from tests.support.order_request import (
    SELECT,
    SERTRALINE,
    SIGN,
    TOCILIZUMAB,
    draft_of,
    order_request_of,
)
from tests.support.vignette import Vignette, vignette_named, vignettes

FIXTURES = Path(__file__).parents[2] / "fixtures"
WRITTEN = ("patients", "requests")
TITLES = "patients/titles.csv"

# Each kind of answer, and the vignette whose chart is opened.
REQUESTS = {
    "evidence-card": "C01",
    "evidence-card-one-raised-result": "C05",
    "evidence-card-possible-resistance": "C06",
    "evidence-card-with-exclusions": "C09",
    "safety-card": "C02",
    "marker-note": "C07",
    "nothing-to-say": "T05",
    "out-of-scope": "C08",
    "could-not-tell": "T51",
}
WITHOUT_REQUIRED_KEY = "required-key-missing"

# Each kind of answer to a draft order: hook, vignette, and the reasons on a draft of tocilizumab.
ORDER_REQUESTS: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "order-select-experimental-drug": (SELECT, "C01", ()),
    "order-sign-experimental-drug": (SIGN, "C01", ("F33.1",)),
    "order-sign-suicide-signal": (SIGN, "C02", ()),
    "order-sign-labelled-indication": (SIGN, "C01", ("M05.79",)),
}


def fixture_files(knowledge: Knowledge) -> Mapping[Path, str]:
    """Give the content of every generated file by its path."""
    files = {FIXTURES / name: _write(content) for name, content in _contents(knowledge)}
    return {FIXTURES / TITLES: _titles(), **files}


def _titles() -> str:
    """Name every patient by the title of its vignette, for the page that lists them."""
    text = StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(("patient", "title"))
    table.writerows((vignette.id, vignette.title) for vignette in vignettes())
    return text.getvalue()


def _contents(knowledge: Knowledge) -> Iterator[tuple[str, dict[str, Any]]]:
    for vignette in vignettes():
        yield f"patients/{vignette.id}.json", bundle_of(vignette)
    for name, vignette_id in REQUESTS.items():
        vignette = vignette_named(vignette_id)
        if name == "nothing-to-say":
            vignette = _with_record_of(vignette, vignette_named("M04"))
        yield f"requests/{name}.json", hook_request_of(vignette, knowledge)
    for name, (hook, vignette_id, reasons) in ORDER_REQUESTS.items():
        vignette = vignette_named(vignette_id)
        drafts = (
            draft_of(vignette, SERTRALINE, "Sertraline"),
            draft_of(vignette, TOCILIZUMAB, "Tocilizumab", reasons),
        )
        yield f"requests/{name}.json", order_request_of(vignette, hook, drafts, knowledge)
    refused = hook_request_of(vignette_named("C01"), knowledge)
    del refused["prefetch"]["markers"]
    yield f"requests/{WITHOUT_REQUIRED_KEY}.json", refused


def _with_record_of(vignette: Vignette, other: Vignette) -> Vignette:
    return vignette.model_copy(update={"record": (*vignette.record, *other.record)})


def _write(content: dict[str, Any]) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def generated_now() -> set[Path]:
    """Give the files that stand where only generated files may stand."""
    return {path for folder in WRITTEN for path in (FIXTURES / folder).glob("*")}


def main() -> int:
    """Write every fixture and remove those no vignette asks for any more."""
    files = fixture_files(load_knowledge())
    for path in generated_now() - files.keys():
        path.unlink()
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    sys.stdout.write(f"{len(files)} fixtures written\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
