"""Does docs/http.md name every route, status and setting, and no route that is not there?"""

import re

import pytest

from cds.app import create_app
from cds.errors import ServiceError
from cds.hooks.catalogue import build_catalogue
from cds.settings import PREFIX, Settings
from rules.knowledge import Knowledge
from tests.repository.tree import read

PAGE = read("docs/http.md")


@pytest.fixture
def routes(knowledge: Knowledge) -> set[str]:
    """Give "METHOD /path" of every route, with the service ids filled in."""
    rules = create_app(Settings(), knowledge=knowledge).url_map.iter_rules()
    served = {
        f"{method} {rule.rule}"
        for rule in rules
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    return {
        route.replace("<service_id>", service)
        for route in served
        for service in build_catalogue(knowledge)
    }


def test_the_page_names_every_route_and_no_other(routes: set[str]) -> None:
    assert set(re.findall(r"`((?:GET|POST) /[^`?]*)`", PAGE)) == routes


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_the_page_names_every_setting(name: str) -> None:
    assert f"| `{PREFIX}{name.upper()}` |" in PAGE


def kinds_of(error: type[ServiceError]) -> set[type[ServiceError]]:
    """Give every kind of an error that has a status, at any depth."""
    below = {kind for each in error.__subclasses__() for kind in kinds_of(each)}
    return below | ({error} if hasattr(error, "status") else set())


@pytest.mark.parametrize(
    "error", sorted(kinds_of(ServiceError), key=str), ids=lambda error: error.__name__
)
def test_the_page_names_every_status(error: type[ServiceError]) -> None:
    errors = PAGE.partition("## Errors")[2].partition("## Settings")[0]
    assert re.search(rf"^\| [\d, ]*\b{error.status}\b", errors, re.MULTILINE)
