"""What do the pages look like? Write a picture of each into docs/images/, as `make screenshot`."""

import tempfile
from pathlib import Path

from playwright.sync_api import Page

from cds.store.migration import migrate
from tests.browser.people import agree_with_all
from tests.browser.reviewed import Reviewed, review_something
from tests.browser.running import running_service
from tests.browser.ways import Way, at, linked
from tests.support.chromium import running_browser

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
MOST_BYTES = 300_000
_WIDTH, _HEIGHT, _TALLEST = 1120, 1000, 1500
_PAINTED_MS = 500
_TOLD = "document.documentElement.scrollHeight"

PICTURES: dict[str, Way] = {
    "start": at("stranger", "/"),
    "answer": at("stranger", "/demo/C01"),
    "evidence": at("stranger", "/evidence"),
    "source-attributes": at("stranger", "/source-attributes"),
    "sign-in": at("stranger", "/review/sign-in"),
    "decisions": at("lead", "/review/decisions"),
    "case": linked("officer", "/review/decisions?class=shown", "a.case"),
    "judge": linked("reviewer", "/review/my-cases", "a.button"),
    "my-cases": at("reviewer", "/review/my-cases"),
    "sample": linked("lead", "/review/samples", "tbody a"),
    "figures": at("lead", "/review/figures"),
    "silent-report": at("lead", "/review/silent-report"),
    "exports": at("lead", "/review/exports"),
    "modes": at("officer", "/review/modes"),
    "audit": at("officer", "/review/audit"),
    "accounts": at("keeper", "/review/accounts"),
}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, running_browser() as browser:
        migrated = Path(folder) / "migrated.sqlite3"
        migrate(f"sqlite:///{migrated}")
        with running_service(Path(folder), migrated) as service:
            reviewed = review_something(browser, service)
            settle(reviewed)
            for name, go in PICTURES.items():
                take(go(reviewed), IMAGES / f"{name}.png")


def settle(reviewed: Reviewed) -> None:
    """Settle what the two left open, so that the figures are whole."""
    agree_with_all(linked("lead", "/review/my-cases", "a.button")(reviewed), "Settle the case")


def take(page: Page, file: Path) -> None:
    """Write the picture of a page, from its top to where it ends or to the tallest there may be."""
    page.set_viewport_size({"width": _WIDTH, "height": _HEIGHT})
    tall = min(max(int(page.evaluate(_TOLD)), 300), _TALLEST)
    page.set_viewport_size({"width": _WIDTH, "height": tall})
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_timeout(_PAINTED_MS)
    page.screenshot(path=file)
    assert file.stat().st_size < MOST_BYTES, f"{file.name} is too large"


if __name__ == "__main__":
    main()
