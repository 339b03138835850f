"""Can this process listen on that address? Asked before gunicorn starts.

gunicorn asks too, but tries for five seconds, writes eleven lines, and by then the start text has
already said that the service runs.
"""

from socketserver import BaseRequestHandler, TCPServer

from werkzeug.serving import select_address_family


class CannotListenError(Exception):
    """Nothing can listen there. The text is the operating system's reason, without a full stop."""


def check_address(host: str, port: int) -> None:
    """Listen for a moment, and let go.

    host: a name, an IPv4 or an IPv6 address. Errors: CannotListenError for an address that is
    taken, not of this machine, not allowed to this user, or no address at all.
    """

    class Probe(TCPServer):
        address_family = select_address_family(host, port)
        allow_reuse_address = True  # as gunicorn does: an address just left is free

    try:
        Probe((host, port), BaseRequestHandler).server_close()
    except OSError as error:
        raise CannotListenError(error.strerror or "no reason given") from None
    except UnicodeError:
        raise CannotListenError("not a host name") from None
