"""What does the Sandbox's browser ask by itself? Discovery, and preflights before each call."""

from tests.conformance.dialects.exchange import FEEDBACK, VIEW, Exchange
from tests.conformance.dialects.sandbox import PAGE, sandbox_token

DISCOVERY = "/cds-services"


def preflight(name: str, path: str, method: str, headers: str, origin: str = PAGE) -> Exchange:
    return Exchange(
        client="sandbox",
        name=name,
        about=f"The browser asks before {method} {path}.",
        path=path,
        method="OPTIONS",
        headers={
            "Origin": origin,
            "Access-Control-Request-Method": method,
            "Access-Control-Request-Headers": headers,
        },
    )


SANDBOX_PAGES = (
    preflight("12-preflight-discovery", DISCOVERY, "GET", "authorization"),
    preflight("13-preflight-service", VIEW, "POST", "authorization,content-type"),
    preflight("14-preflight-feedback", FEEDBACK, "POST", "authorization,content-type"),
    preflight(
        "15-preflight-foreign", VIEW, "POST", "authorization,content-type", "https://evil.example"
    ),
    Exchange(
        client="sandbox",
        name="16-discovery",
        about="Discovery, with a token that is not needed.",
        path=DISCOVERY,
        method="GET",
        headers={"Origin": PAGE},
        token=sandbox_token(DISCOVERY),
    ),
    Exchange(
        client="sandbox",
        name="17-discovery-with-slash",
        about="A discovery address typed with a slash at its end.",
        path=f"{DISCOVERY}/",
        method="GET",
        headers={"Origin": PAGE},
    ),
)
