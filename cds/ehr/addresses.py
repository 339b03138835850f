"""May we connect there? A name is looked up once, and only what was checked is connected to."""

import socket
from collections.abc import Callable, Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

from cds.ehr.trusted_clients import Network, is_loopback

IPAddress = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Iterable[str]]


class ForbiddenAddressError(OSError):
    """The name leads to an address that nobody agreed to. The text names no address."""


def look_up(host: str, port: int) -> list[str]:
    """Ask the system for the addresses of a host, best first. Errors: OSError."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError:  # a label that is too long for a host name
        raise OSError("this is no host name") from None
    return [str(entry[4][0]) for entry in found]


def pick_address(
    host: str, port: int, private: tuple[Network, ...] = (), resolve: Resolve = look_up
) -> str:
    """Give the address to connect to, as text.

    private: networks that are agreed although they are not public. A host that is written as an
    address of this machine was listed as that, and is taken.

    Errors: ForbiddenAddressError where any of its addresses is not public and not agreed, because
    a name that leads to both is how a look-up is turned against us; OSError where none is found.
    """
    addresses = list(resolve(host, port))
    if not addresses:
        raise OSError("the host has no address")
    for written in addresses:
        if not _is_allowed(_plain(written), private, listed=is_loopback(f"//{host}")):
            raise ForbiddenAddressError("the host leads to an address that is not agreed")
    return addresses[0]


def _is_allowed(address: IPAddress, private: tuple[Network, ...], *, listed: bool) -> bool:
    if address.is_loopback:
        return listed
    agreed = any(address.version == each.version and address in each for each in private)
    return agreed or (address.is_global and not address.is_multicast)


def _plain(written: str) -> IPAddress:
    """Read an address; one of IPv4 in IPv6 dress is judged as what it is."""
    address = ip_address(written.partition("%")[0])
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def is_within(url: str, base: str) -> bool:
    """Whether a URL has the origin of a FHIR base and lies at its path or below it.

    A path with `..` or a backslash, and a URL with a user in it, is within nothing.
    """
    try:
        asked, agreed = urlsplit(url), urlsplit(base)
        same = _origin(url) == _origin(base)
    except ValueError:
        return False
    if not same or asked.username is not None or asked.password is not None:
        return False
    path, root = asked.path, agreed.path.rstrip("/")
    if "\\" in url or "%2e" in path.lower() or ".." in path.split("/"):
        return False
    return path == root or path.startswith(f"{root}/")


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    port = parts.port or {"https": 443, "http": 80}.get(parts.scheme)
    return parts.scheme, parts.hostname, port
