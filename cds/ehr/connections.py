"""How is a connection to a client's server opened, kept for the next call, and cut off in time?

The one place that opens outgoing connections. Nothing of the environment counts: no proxy, and no
.netrc that would put another secret in place of the client's token.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from typing import Any

from requests import Session
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from cds.ehr.addresses import Resolve, look_up, pick_address
from cds.ehr.trusted_clients import Network

_KEPT_CONNECTIONS = 32


class Exchange:
    """One request under way. `cut` ends it from another thread, however slowly it trickles."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._is_cut = False

    def hold(self, open_socket: socket.socket | None) -> None:
        """Note the socket the request goes over; one that comes too late is cut at once."""
        with self._lock:
            self._socket = open_socket
            if self._is_cut:
                self._shut()

    def cut(self) -> None:
        """End the request where it stands."""
        with self._lock:
            self._is_cut = True
            self._shut()

    def _shut(self) -> None:
        if self._socket is None:
            return
        with suppress(OSError):  # it had ended already
            self._socket.shutdown(socket.SHUT_RDWR)


_current = threading.local()


@contextmanager
def exchange(under_way: Exchange) -> Iterator[None]:
    """Run the request of this thread as an exchange that can be cut."""
    _current.exchange = under_way
    try:
        yield
    finally:
        _current.exchange = None
        under_way.hold(None)


def _note(open_socket: socket.socket | None) -> None:
    under_way: Exchange | None = getattr(_current, "exchange", None)
    if under_way is not None:
        under_way.hold(open_socket)


def open_session(
    private: tuple[Network, ...] = (), ca_file: Path | None = None, resolve: Resolve = look_up
) -> Session:
    """Give a session that connects to checked addresses only and keeps its connections.

    private: networks agreed on with this client. ca_file: certificates instead of the public ones.
    It may be used by several threads; it holds no token and no cookie.
    """
    session = Session()
    keep_to_checked(session, private, ca_file, resolve)
    return session


def keep_to_checked(
    session: Session,
    private: tuple[Network, ...] = (),
    ca_file: Path | None = None,
    resolve: Resolve = look_up,
) -> None:
    """Make a session that a library opened connect as ours do."""
    session.trust_env = False
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.verify = str(ca_file) if ca_file else True
    adapter = _CheckedAdapter(private, resolve)
    session.mount("https://", adapter)
    session.mount("http://", adapter)


class _CheckedAdapter(HTTPAdapter):
    """Makes connections whose address was looked up and checked by us."""

    def __init__(self, private: tuple[Network, ...], resolve: Resolve) -> None:
        self._private = private
        self._resolve = resolve
        super().__init__(pool_maxsize=_KEPT_CONNECTIONS, max_retries=0)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        plain, secure = _checked_pools(self._private, self._resolve)
        self.poolmanager.pool_classes_by_scheme = {"http": plain, "https": secure}


def _checked_pools(
    private: tuple[Network, ...], resolve: Resolve
) -> tuple[type[HTTPConnectionPool], type[HTTPSConnectionPool]]:
    class Checked(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            # The certificate is still checked against `host`; only where to is fixed here.
            self._dns_host = pick_address(self.host, self.port or 0, private, resolve)
            opened = super()._new_conn()
            _note(opened)
            return opened

        def request(self, *args: Any, **options: Any) -> None:
            _note(self.sock)  # of a connection kept from an earlier request
            super().request(*args, **options)
            _note(self.sock)

    class Secure(Checked, HTTPSConnection):
        pass

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Checked

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return PlainPool, SecurePool
