"""How is a key set fetched? From the one address agreed with a client, and without detours."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Timer

from requests import RequestException
from urllib3.exceptions import HTTPError

from cds.ehr.connections import Exchange, exchange, open_session
from cds.ehr.key_sets import MAX_KEY_SET_BYTES, KeySetError
from cds.ehr.trusted_clients import TrustedClients

_TIMEOUT_S = 2.0
_CHUNK = 8192
_OK = 200


def key_set_fetcher(clients: TrustedClients) -> Callable[[str], bytes]:
    """Give what fetches the key sets of these clients, each with its own networks and certificates.

    What it gives raises KeySetError for every answer but 200, a redirect included, and for a body
    that is too large.
    """
    sessions = {
        client.jwks_url: open_session(client.private_networks, client.ca_file)
        for client in clients.clients
        if client.jwks_url is not None
    }

    def fetch(url: str) -> bytes:
        try:
            with (
                _cut_in_time(),
                sessions[url].get(
                    url, timeout=_TIMEOUT_S, stream=True, allow_redirects=False
                ) as answer,
            ):
                if answer.status_code != _OK:
                    raise KeySetError("the key set was not given")
                body = bytearray()
                for chunk in answer.iter_content(_CHUNK):
                    body += chunk
                    if len(body) > MAX_KEY_SET_BYTES:
                        raise KeySetError("the key set is too large")
                return bytes(body)
        except (RequestException, HTTPError, OSError) as error:
            raise KeySetError("the key set could not be fetched") from error

    return fetch


@contextmanager
def _cut_in_time() -> Iterator[None]:
    """End a fetch that trickles: each byte would restart the timeout of a read."""
    under_way = Exchange()
    timer = Timer(_TIMEOUT_S, under_way.cut)
    timer.daemon = True
    timer.start()
    try:
        with exchange(under_way):
            yield
    finally:
        timer.cancel()
