"""May this call come in? Who it is from, from which web page, and how often."""

from collections.abc import Mapping

from werkzeug.datastructures import Headers

from cds.ehr.jwt import Doorkeeper
from cds.ehr.rate import RateLimit
from cds.ehr.trusted_clients import DEMO_CLIENT, TrustedClient, TrustedClients
from cds.errors import NotAllowed, TooManyRequests


class Admission:
    """Admits the calls of trusted clients.

    doorkeeper: None in profile demo without a registry, where every call is the demo client's.
    """

    def __init__(self, clients: TrustedClients, doorkeeper: Doorkeeper | None) -> None:
        self._doorkeeper = doorkeeper
        self._limits: Mapping[str, RateLimit] = {
            client.name: RateLimit(client.rate) for client in clients.clients if client.rate
        }

    def admit(self, headers: Mapping[str, str] | Headers, path: str) -> TrustedClient:
        """Say which client calls.

        headers: of the request, by name in any case. path: of the address, without the query.

        Errors: Unauthenticated; NotAllowed for a web page that is not this client's;
        TooManyRequests; StoreUnavailable where the use of a token cannot be remembered.
        """
        client = self._identify(headers.get("Authorization"), path)
        origin = headers.get("Origin")
        # A preflight cannot name its client, so it was answered for all of them; here one is known.
        if origin is not None and origin not in client.cors_origins:
            raise NotAllowed("This client may not be called from that web page.")
        limit = self._limits.get(client.name)
        wait_s = limit.take() if limit else 0
        if wait_s:
            raise TooManyRequests("More calls came than were agreed with this client.", wait_s)
        return client

    def _identify(self, authorization: str | None, path: str) -> TrustedClient:
        if self._doorkeeper is None:
            return DEMO_CLIENT
        return self._doorkeeper.admit(authorization, path)
