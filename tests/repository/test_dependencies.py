"""Has every dependency a reason, a use and one source?"""

import ast
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.repository.tree import project, read, repository_files

REQUIREMENT = re.compile(r'^  "(?P<name>[A-Za-z0-9._-]+)[^"]*",?(?P<rest>.*)$', re.MULTILINE)
# Packages whose import name is not their own name.
IMPORTED_AS = {
    "argon2-cffi": "argon2",
    "fhir.resources": "fhir",
    "flask-cors": "flask_cors",
    "flask-wtf": "flask_wtf",
    "prometheus-client": "prometheus_client",
    "pyjwt": "jwt",
    "markdown-it-py": "markdown_it",
    "pydantic-settings": "pydantic_settings",
}
# Started by name, not imported.
STARTED = {"gunicorn"}


def without_reason(toml: str) -> list[str]:
    """Name the requirements of a pyproject.toml that carry no comment."""
    lists = re.findall(r"^(?:dependencies|dev|\w+) = \[\n(.*?)^\]", toml, re.MULTILINE | re.DOTALL)
    found = (match for part in lists for match in REQUIREMENT.finditer(part))
    return [match["name"] for match in found if not re.search(r"# \w+", match["rest"])]


def imported(modules: Iterable[Path]) -> set[str]:
    """Give the top-level names that modules import."""
    names: set[str] = set()
    for module in modules:
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                names.add(node.module.partition(".")[0])
    return names


def direct_dependencies() -> list[str]:
    return [re.split(r"[<>=\[ ]", line)[0] for line in project()["project"]["dependencies"]]


def test_every_dependency_has_its_reason_beside_it() -> None:
    section = read("pyproject.toml").partition("[build-system]")[0]
    assert without_reason(section) == []


@pytest.mark.parametrize("name", sorted(set(direct_dependencies()) - STARTED))
def test_every_dependency_is_imported_by_the_service_or_its_image(name: str) -> None:
    used = imported(repository_files("cds/*.py", "rules/*.py"))
    used |= set(re.findall(r"import (\w+)", read("Dockerfile")))  # the image's health check
    assert IMPORTED_AS.get(name, name) in used


def test_every_locked_package_comes_from_pypi_with_a_hash() -> None:
    packages = tomllib.loads(read("uv.lock"))["package"]
    foreign = [
        each["name"]
        for each in packages
        if each["source"] != {"registry": "https://pypi.org/simple"}
    ]
    files = [file for each in packages for file in each.get("wheels", [])]
    assert foreign == ["trd-cds"]
    assert files
    assert all(file["hash"].startswith("sha256:") for file in files)


def test_a_planted_dependency_without_reason_is_named() -> None:
    planted = 'dependencies = [\n  "flask>=3.1",  # HTTP\n  "left-pad>=1",\n]\n'
    assert without_reason(planted) == ["left-pad"]
