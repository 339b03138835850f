"""Which provider of OpenID Connect may vouch for reviewers, and what role does it give whom?"""

from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_address
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from cds.review.roles import Role


def _check_issuer(issuer: str) -> str:
    parts = urlsplit(issuer)
    if not parts.hostname or parts.query or parts.fragment or parts.username is not None:
        raise ValueError("must be an absolute address without query and fragment")
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(parts.hostname)):
        raise ValueError("must be an https address; http only on this machine")
    return issuer


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class OpenIdProvider(BaseModel):
    """What is agreed with the provider.

    issuer: as the provider writes it, letter by letter. client_id: our name there. role_claim: the
    claim that says what somebody is there; one inside another as "realm_access.roles". roles: a
    value of that claim to a role here. name_claim: the claim that is shown as their name. networks:
    where inside the organisation the provider may be, such as 10.20.0.0/16. ca_file: certificates
    instead of the public ones.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    issuer: Annotated[str, AfterValidator(_check_issuer)]
    client_id: Annotated[str, Field(min_length=1)]
    role_claim: Annotated[str, Field(min_length=1)] = "groups"
    roles: Annotated[dict[str, Role], Field(min_length=1)]
    name_claim: Annotated[str, Field(min_length=1)] = "preferred_username"
    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    ca_file: Path | None = None

    def roles_of(self, claims: Mapping[str, Any]) -> frozenset[Role]:
        """Give the roles that the claims of somebody name; what is not agreed on names none."""
        said = self._said(claims)
        values = said if isinstance(said, list) else [said]
        return frozenset(
            self.roles[value] for value in values if isinstance(value, str) and value in self.roles
        )

    def _said(self, claims: Mapping[str, Any]) -> object:
        if self.role_claim in claims:
            return claims[self.role_claim]
        inner: object = claims
        for name in self.role_claim.split("."):
            inner = inner.get(name) if isinstance(inner, Mapping) else None
        return inner
