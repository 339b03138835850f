"""Is only connected to what was agreed, whatever a name leads to?"""

from ipaddress import ip_network

import pytest

from cds.ehr.addresses import ForbiddenAddressError, is_within, look_up, pick_address

AGREED = (ip_network("10.20.0.0/16"), ip_network("fd00:20::/32"))


@pytest.mark.requirement("D8")
@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "0.0.0.0",  # noqa: S104 - nothing is bound
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "192.0.2.1",
        "198.18.0.1",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "2001:db8::1",
    ],
)
def test_a_name_that_leads_inside_is_not_followed(address: str) -> None:
    with pytest.raises(ForbiddenAddressError):
        pick_address("fhir.example", 443, (), lambda *_: [address])
    with pytest.raises(ForbiddenAddressError):
        pick_address("fhir.example", 443, AGREED, lambda *_: ["8.8.8.8", address])


@pytest.mark.requirement("D8")
@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888", "10.20.3.4", "fd00:20::5"])
def test_what_is_public_or_agreed_is_connected_to(address: str) -> None:
    assert pick_address("fhir.example", 443, AGREED, lambda *_: [address, "8.8.4.4"]) == address


@pytest.mark.parametrize(("host", "address"), [("127.0.0.1", "127.0.0.1"), ("localhost", "::1")])
def test_this_machine_is_agreed_where_it_is_listed_as_such(host: str, address: str) -> None:
    assert pick_address(host, 80, (), lambda *_: [address]) == address


def test_a_name_without_an_address_is_an_error() -> None:
    with pytest.raises(OSError, match="no address"):
        pick_address("fhir.example", 443, (), lambda *_: [])


def test_what_is_no_host_name_is_an_error_like_any_other() -> None:
    with pytest.raises(OSError, match="no host name"):
        look_up("x" * 64 + ".example", 443)


@pytest.mark.parametrize(
    ("url", "within"),
    [
        ("https://fhir.example/r4", True),
        ("https://fhir.example/r4?_getpages=1", True),
        ("https://fhir.example:443/r4/Condition?page=2", True),
        ("https://FHIR.example/r4/Condition", True),
        ("https://fhir.example/r4x", False),
        ("https://fhir.example/", False),
        ("https://fhir.example:8443/r4/Condition", False),
        ("http://fhir.example/r4/Condition", False),
        ("https://fhir.example.evil.example/r4/Condition", False),
        ("https://fhir.example:x/r4", False),
    ],
)
def test_a_page_lies_within_its_base(url: str, within: bool) -> None:
    assert is_within(url, "https://fhir.example/r4/") is within
