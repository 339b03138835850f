"""Does an installed copy hold everything the service reads?"""

import subprocess

from tests.repository.tree import ROOT, project


def test_the_wheel_is_made_of_the_two_packages() -> None:
    assert project()["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"] == ["cds", "rules"]


def test_no_data_file_of_a_package_is_ignored_by_git() -> None:
    # The build leaves out what git ignores: an ignored table would be missing once installed.
    command = [
        "git",
        "ls-files",
        "--others",
        "--ignored",
        "--exclude-standard",
        "--",
        "cds",
        "rules",
    ]
    ignored = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout  # noqa: S603
    assert [name for name in ignored.splitlines() if not name.endswith(".pyc")] == []
