"""Does a hook call load fhir.resources, which only strict reading needs? Asked in a new process."""

import subprocess
import sys

from benchmarks.bodies import ENDPOINT
from benchmarks.installations import ROOT
from benchmarks.surroundings import own_folder, surroundings

_PROGRAM = f"""
import sys
from cds.app import create_app
from cds.settings import Settings

answer = create_app(Settings()).test_client().post(
    {ENDPOINT!r}, data=sys.stdin.buffer.read(), content_type="application/json"
)
print(answer.status_code, "fhir.resources" in sys.modules)
"""


def models_after_a_call(body: bytes) -> bool | None:
    """Say whether fhir.resources was loaded by a call; None where the call was not answered."""
    with own_folder() as folder:
        asked = subprocess.run(  # noqa: S603 - our own program
            (sys.executable, "-c", _PROGRAM),
            input=body,
            cwd=ROOT,
            env=surroundings(folder),
            capture_output=True,
            check=False,
        )
    told = {b"200 True": True, b"200 False": False}
    return told.get(asked.stdout.strip())
