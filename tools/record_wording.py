"""How is a change of the card text put down? `python -m tools.record_wording DAY "what changed"`.

Approvals stand under a digest, so a change takes them back by itself.
"""

import json
import sys
from datetime import date
from pathlib import Path

from cds.hooks.wording import RECORD, read_wording

FILE = Path(__file__).parent.parent / "cds" / "hooks" / RECORD


def main(day: str, what: str) -> str:
    """Append the change to the record, and say what the record says now."""
    wording = read_wording()
    if wording.recorded:
        return f"nothing changed: {wording.status}"
    entry = f'\n[[changes]]\ndate = {date.fromisoformat(day)}\nsha256 = "{wording.sha256}"\n'
    with FILE.open("a", encoding="utf-8") as record:
        record.write(f"{entry}what = {json.dumps(what, ensure_ascii=False)}\n")
    return read_wording().status


if __name__ == "__main__":
    print(main(*sys.argv[1:]))  # noqa: T201 - a tool for the shell
