"""Where is the browser of the tests? Debian's Chromium; where it is missing the tests fail."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

_NAMES = ("chromium", "chromium-browser")
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")


class NoBrowserError(Exception):
    """There is no Chromium, so nothing that needs one was tried."""


def find_chromium() -> str:
    """Give the path of Chromium: the one CHROMIUM names, else the one of the system.

    Errors: NoBrowserError.
    """
    for name in (os.environ.get("CHROMIUM") or None, *_NAMES):
        if name is not None and (found := shutil.which(name)) is not None:
            return found
    raise NoBrowserError("Chromium was not found: install it (Debian: apt-get install chromium)")


@contextmanager
def running_browser() -> Iterator[Browser]:
    """Run a browser without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()
