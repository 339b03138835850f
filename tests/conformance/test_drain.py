"""Is a call that is under way answered, when the service is told to stop?"""

import json
import signal
import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.conformance.wire.calls import VIEW, patient_view
from tests.conformance.wire.own_service import own_service

LONGEST_S = 60


@pytest.mark.requirement("E14")
def test_a_call_under_way_is_answered_after_the_signal_to_stop(tmp_path: Path) -> None:
    with own_service(tmp_path) as service:
        body = json.dumps(patient_view()).encode()
        address = urlsplit(service.target.base)
        head = (
            f"POST {VIEW} HTTP/1.1\r\nHost: {address.netloc}\r\nConnection: close\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
            f"Authorization: {service.target.sign(VIEW)}\r\n\r\n"
        ).encode()
        where = (str(address.hostname), int(address.port or 0))
        with socket.create_connection(where, LONGEST_S) as connection:
            connection.sendall(head + body[:100])
            _wait_until_read(connection)
            service.process.send_signal(signal.SIGTERM)
            connection.sendall(body[100:])
            answer = b"".join(iter(lambda: connection.recv(65_536), b""))
        assert answer.startswith(b"HTTP/1.1 200 ")
        assert b'"cards":[{' in answer
        assert service.process.wait(LONGEST_S) == 0


def _wait_until_read(connection: socket.socket) -> None:
    """Wait until a thread of the service waits for the rest of the body."""
    connection.settimeout(1.0)
    with pytest.raises(TimeoutError):
        connection.recv(1)
    connection.settimeout(LONGEST_S)
