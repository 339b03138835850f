"""How is one thing asked of a client's FHIR server, page after page, until the time is over?"""

import time
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urljoin

from requests import RequestException, Response, Session
from urllib3.exceptions import HTTPError

from cds.ehr.addresses import is_within
from cds.ehr.connections import Exchange, exchange
from cds.ehr.fetched import (
    Fetched,
    FetchError,
    Page,
    Problem,
    Query,
    put_together,
    read_page,
)
from cds.ehr.trusted_clients import TrustedClient

MAX_ANSWER_BYTES = 16 * 1024 * 1024
MAX_PAGES = 20

_CHUNK = 8192  # compressed bytes: what they grow to in one step stays small
_JSON = ("application/fhir+json", "application/json", "application/json+fhir", "text/json")
_SEARCH_FORM = "application/x-www-form-urlencoded"
_RETRIED = frozenset({429, 503})
_OK, _UNAUTHORIZED, _FORBIDDEN, _NOT_FOUND, _GONE = 200, 401, 403, 404, 410


@dataclass(frozen=True, slots=True)
class FhirAccess:
    """A client's FHIR server for one call. The token is in no repr, and dropped with the call."""

    base: str
    token: str = field(repr=False)


@dataclass(slots=True)
class Budget:
    """What is left of the time, in seconds of a clock that only goes forward."""

    until: float

    def left(self) -> float:
        rest = self.until - time.monotonic()
        if rest <= 0:
            raise FetchError(Problem.TIMEOUT)
        return rest


@dataclass(slots=True)
class Asking:
    """One query under way, page after page."""

    session: Session
    client: TrustedClient
    access: FhirAccess
    query: Query
    budget: Budget
    under_way: Exchange = field(default_factory=Exchange)
    may_retry: bool = True

    def cut(self) -> None:
        self.under_way.cut()

    def run(self) -> Fetched:
        """Get the resource, or every page there is. Whatever goes wrong is in the result."""
        pages: list[Page] = []
        try:
            with exchange(self.under_way):
                value = self._first(pages)
                if value is None:
                    self._follow(pages)
        except FetchError as error:
            if pages:
                return Fetched(value=put_together(pages), problem=error.problem)
            return Fetched(value=None, problem=error.problem)
        return Fetched(value=value or put_together(pages))

    def _first(self, pages: list[Page]) -> bytes | None:
        """Get what answers the query: a resource, or the first page of a Bundle (then None)."""
        body = self.query.start or self._ask(f"{self.access.base}/{self.query.path}")
        page = read_page(body)
        if page is None:
            return body
        pages.append(page)
        return None

    def _follow(self, pages: list[Page]) -> None:
        seen: set[str] = set()
        while (following := pages[-1].next_url) is not None:
            url = self._within_base(following)
            if url in seen or len(pages) >= MAX_PAGES:
                raise FetchError(Problem.TOO_MANY_PAGES)
            seen.add(url)
            page = read_page(self._ask(url))
            if page is None:
                raise FetchError(Problem.NOT_FHIR)
            pages.append(page)

    def _within_base(self, following: str) -> str:
        with suppress(ValueError):  # for what is no URL at all
            url = urljoin(f"{self.access.base}/", following)
            if is_within(url, self.access.base):
                return url
        raise FetchError(Problem.FOREIGN_PAGE)

    def _ask(self, url: str) -> bytes:
        try:
            with self._send(url) as response:
                if response.status_code in _RETRIED and self.may_retry:
                    self.may_retry = False
                    self._pause(_retry_after(response))
                    return self._ask(url)
                return _read(response, self.budget)
        except (RequestException, HTTPError, OSError, ValueError) as error:
            self.budget.left()  # cut off because the time was over
            raise FetchError(_reason(error)) from None

    def _pause(self, seconds: float) -> None:
        """Wait before the one retry, where the time allows it at all."""
        if seconds >= self.budget.left():
            raise FetchError(Problem.BUSY)
        time.sleep(seconds)

    def _send(self, url: str) -> Response:
        headers = {
            "Authorization": f"Bearer {self.access.token}",
            "Accept": "application/fhir+json, application/json;q=0.9",
        }
        left = self.budget.left()
        path, _, parameters = url.partition("?")
        is_first = url == f"{self.access.base}/{self.query.path}"
        if self.client.search_by_post and parameters and is_first:
            headers["Content-Type"] = _SEARCH_FORM
            return self.session.post(
                f"{path}/_search",
                data=parameters.encode(),
                headers=headers,
                timeout=left,
                stream=True,
                allow_redirects=False,
            )
        return self.session.get(
            url, headers=headers, timeout=left, stream=True, allow_redirects=False
        )


def _read(response: Response, budget: Budget) -> bytes:
    """Read an answer that is worth reading. Errors: FetchError for every other."""
    status = response.status_code
    if status in {_UNAUTHORIZED, _FORBIDDEN}:
        raise FetchError(Problem.REFUSED)
    if status in {_NOT_FOUND, _GONE}:
        raise FetchError(Problem.NOT_FOUND)
    if status in _RETRIED:
        raise FetchError(Problem.BUSY)
    if status != _OK:
        raise FetchError(Problem.SERVER_ERROR)
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind not in _JSON:
        raise FetchError(Problem.NOT_FHIR)
    parts = bytearray()
    for chunk in response.iter_content(_CHUNK):
        parts += chunk
        budget.left()
        if len(parts) > MAX_ANSWER_BYTES:
            raise FetchError(Problem.TOO_LARGE)
    return bytes(parts)


def _retry_after(response: Response) -> float:
    """Give how long to wait before the one retry, in seconds; a date is taken for a moment."""
    stated = response.headers.get("Retry-After", "")
    return float(stated) if stated.isascii() and stated.isdigit() else 0.05


def _reason(error: Exception) -> Problem:
    return Problem.TIMEOUT if "timed out" in str(error).lower() else Problem.UNREACHABLE
