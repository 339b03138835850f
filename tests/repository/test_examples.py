"""Do the commands that the service prints at its start name files that are there?"""

import re

from cds import cli
from tests.repository.tree import ROOT


def test_every_file_in_the_printed_curl_lines_exists() -> None:
    printed = cli._EXAMPLES.format(
        base="http://127.0.0.1:8000",
        patient=cli._EXAMPLE_PATIENT,
        request=cli._EXAMPLE_REQUEST,
        service=cli.PATIENT_VIEW,
    )
    files = re.findall(r"fixtures/\S+\.json", printed)
    assert files
    assert [file for file in files if not (ROOT / file).is_file()] == []
