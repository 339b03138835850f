"""Do the project, the checks and the container agree on Python and uv?"""

import re

from tests.repository.tree import project, read


def oldest_python() -> str:
    return str(project()["project"]["requires-python"]).removeprefix(">=")


def test_the_container_runs_the_oldest_python_that_is_supported() -> None:
    bases = re.findall(r"^FROM python:([\d.]+)-slim", read("Dockerfile"), re.MULTILINE)
    assert set(bases) == {oldest_python()}


def test_ci_tests_the_python_that_the_container_runs() -> None:
    assert f"export PYTHON=python{oldest_python()}\n" in read(".ci/run").replace("; fi", "\n")


def test_ruff_checks_for_the_oldest_python() -> None:
    assert project()["tool"]["ruff"]["target-version"] == "py" + oldest_python().replace(".", "")


def test_setup_refuses_a_python_older_than_the_oldest() -> None:
    assert f'oldest="({oldest_python().replace(".", ", ")})"' in read("tools/setup.sh")


def test_uv_is_the_same_in_the_lock_the_setup_and_the_container() -> None:
    version = str(project()["tool"]["uv"]["required-version"]).removeprefix("==")
    assert f"uv_version={version}\n" in read("tools/setup.sh")
    assert f"uv=={version}\n" in read("Dockerfile")
