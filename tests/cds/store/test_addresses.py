"""Which addresses are stores, and does none of them come back in an error?"""

import traceback
from collections.abc import Callable
from pathlib import Path

import pytest

from cds.store.database import open_store, read_store_url
from cds.store.errors import UnusableStoreError
from cds.store.migration import migrate
from cds.store.pseudonym import key_file_of

SECRET = "open-sesame"  # noqa: S105
BAD = [
    "",
    "store.sqlite3",
    "mysql://user:open-sesame@host/database",
    "postgresql://user:open-sesame@host:no-port/database",
    "sqlite://",
    "sqlite:///:memory:",
    "://open-sesame",
]


@pytest.mark.parametrize("url", BAD)
@pytest.mark.parametrize("use", [open_store, migrate, key_file_of])
def test_an_address_that_is_no_store_is_refused_without_repeating_it(
    use: Callable[[str], object], url: str
) -> None:
    with pytest.raises(UnusableStoreError) as raised:
        use(url)
    assert SECRET not in "".join(traceback.format_exception(raised.value))


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///var/trd-cds.sqlite3",
        "sqlite:////var/lib/trd-cds.sqlite3",
        "postgresql://user:open-sesame@host/database",
        "postgresql+psycopg://host/database?sslmode=require",
    ],
)
def test_a_file_and_a_server_are_stores(url: str) -> None:
    assert read_store_url(url).get_backend_name() in {"sqlite", "postgresql"}
    open_store(url).close()


def test_the_pseudonym_key_lies_beside_the_file() -> None:
    assert key_file_of("sqlite:////srv/a/b.sqlite3") == Path("/srv/a/pseudonym.key")


def test_the_pseudonym_key_of_a_server_lies_in_var() -> None:
    assert key_file_of("postgresql://host/database") == Path("var/pseudonym.key")
