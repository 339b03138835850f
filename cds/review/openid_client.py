"""What does the provider of OpenID Connect say of somebody? Asked by Authlib, strictly.

State, nonce and a code verifier (PKCE) bind an answer to the browser that was sent away; they lie
in the signed cookie of the forms until it is back.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from authlib.common.errors import AuthlibBaseError  # type: ignore[import-untyped] # has no types
from authlib.integrations.flask_client import (  # type: ignore[import-untyped]
    FlaskIntegration,
    FlaskOAuth2App,
)
from authlib.integrations.requests_client import OAuth2Session  # type: ignore[import-untyped]
from flask import Response, current_app
from joserfc.errors import JoseError
from pydantic import SecretStr

from cds.ehr.connections import keep_to_checked
from cds.openid_provider import OpenIdProvider

# Signed with the provider's own key; never "none", and never with a secret that we hold too.
_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint")
_NAME = "provider"
_TIMEOUT_S = 5
_LEEWAY_S = 60
# What the library, the network and an odd answer raise; requests' own errors are OSError.
_FAILURES = (AuthlibBaseError, JoseError, OSError, ValueError, KeyError, TypeError, RuntimeError)


class ProviderError(Exception):
    """The provider cannot be asked, or its answer not be believed. reason: one word, for logs."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"The provider of OpenID Connect failed ({reason}).")
        self.reason = reason


class OpenIdClient:
    """Asks one provider. Nothing is asked before the first person signs in."""

    def __init__(self, provider: OpenIdProvider, secret: SecretStr | None, public_url: str) -> None:
        self._provider = provider
        self._app = _App(
            FlaskIntegration(_NAME),
            _NAME,
            client_id=provider.client_id,
            client_secret=secret.get_secret_value() if secret else None,
            server_metadata_url=_discovery_of(provider.issuer),
            client_kwargs={
                "provider": provider,
                "scope": "openid profile",
                "code_challenge_method": "S256",
                "default_timeout": _TIMEOUT_S,
                "token_endpoint_auth_method": "client_secret_basic" if secret else "none",
            },
        )
        self._app.agreed = provider
        self._back = f"{public_url}/review/sign-in/openid/back"

    def send_away(self) -> Response:
        """Send the browser to the provider. Errors: ProviderError."""
        try:
            return current_app.make_response(self._app.authorize_redirect(self._back))
        except _FAILURES as error:
            raise ProviderError(type(error).__name__) from None

    def claims(self) -> Mapping[str, Any]:
        """Give what the provider says of whoever came back with this request.

        The id token is believed where signature, issuer, audience, time and nonce hold. Where it
        does not hold the claim of the role, the provider is asked for more.

        Errors: ProviderError.
        """
        try:
            token = self._app.authorize_access_token(
                leeway=_LEEWAY_S,
                claims_options={"iss": {"essential": True, "values": [self._provider.issuer]}},
            )
            claims = dict(token["userinfo"])
            if not self._provider.roles_of(claims):
                claims = self._ask_for_more(token, claims)
        except _FAILURES as error:
            raise ProviderError(type(error).__name__) from None
        return claims

    def _ask_for_more(self, token: Any, claims: dict[str, Any]) -> dict[str, Any]:
        if "userinfo_endpoint" not in self._app.load_server_metadata():
            return claims
        more = dict(self._app.userinfo(token=token))
        if more.get("sub") != claims["sub"]:
            raise ProviderError("other_subject")
        return more | claims


class _Session(OAuth2Session):  # type: ignore[misc]  # Authlib has no types
    """Connects only where our other connections may go, and follows no redirect."""

    def __init__(self, *given: Any, provider: OpenIdProvider, **options: Any) -> None:
        super().__init__(*given, **options)
        keep_to_checked(self, provider.networks, provider.ca_file)
        self.max_redirects = 0


class _App(FlaskOAuth2App):  # type: ignore[misc]  # Authlib has no types
    """The library's client, which believes no more of the provider than was agreed."""

    client_cls = _Session
    agreed: OpenIdProvider

    def load_server_metadata(self) -> Any:
        """Read once what the provider says of itself. Errors: ProviderError where it is another."""
        metadata = super().load_server_metadata()
        secure = urlsplit(self.agreed.issuer).scheme == "https"
        addresses = [metadata[name] for name in _ENDPOINTS if name in metadata]
        if metadata.get("issuer") != self.agreed.issuer:
            metadata.clear()
            raise ProviderError("other_issuer")
        if secure and not all(urlsplit(each).scheme == "https" for each in addresses):
            metadata.clear()
            raise ProviderError("not_https")
        metadata["id_token_signing_alg_values_supported"] = list(_ALGORITHMS)
        return metadata


def _discovery_of(issuer: str) -> str:
    return f"{issuer.rstrip('/')}/.well-known/openid-configuration"
