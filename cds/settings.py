"""How is this deployment set up? TRD_CDS_… variables, read once; a bad one stops the start."""

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from cds.openid_provider import OpenIdProvider

PREFIX = "TRD_CDS_"
Profile = Literal["demo", "production"]
MIN_SECRET_LENGTH = 32

# Where containers find their secrets, each in a file of the setting's name.
SECRETS = Path("/run/secrets")

_MEBIBYTE = 1024 * 1024


class SettingsError(Exception):
    """A setting is wrong. The message is one sentence that names it."""


def _check_web_address(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None:
        raise ValueError("must be an absolute http or https address")
    if parts.query or parts.fragment:
        raise ValueError("must have no query and no fragment")
    return address.rstrip("/")


WebAddress = Annotated[str, AfterValidator(_check_web_address)]


class LinkSetting(BaseModel):
    """A link a site wants on its cards. Cards carry no link that is not set here."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: str = Field(min_length=1, max_length=80)
    url: WebAddress


class Settings(BaseSettings):
    """The settings of one deployment, frozen.

    public_url: the base clients type in, without a trailing slash. max_body_bytes: larger bodies
    are answered with 413. site_knowledge: directory of the site's own parameters and codes, on top
    of the shipped ones. evidence_url: the public evidence page cards point to; this service's own
    page unless set. links: further links for cards. demo_patients: folder of Bundles the demo page
    shows; the shipped one is found where the service is started from a checkout. trusted_clients:
    the registry of the systems that may call; where it is set every call must be signed. store_url:
    the database, as SQLAlchemy names it. pseudonym_key: the secret that turns a patient into a
    pseudonym; profile demo keeps one beside its database. retention_days: how long decisions stay.
    review_pages: offer the pages on which clinicians review decisions; profile demo always does.
    session_key: the secret that signs the forms of these pages; profile demo keeps one beside its
    database. openid: the provider reviewers sign in with, beside accounts of this service.
    openid_secret: what this service proves itself to it with.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    profile: Profile = "demo"
    public_url: WebAddress = "http://127.0.0.1:8000"
    max_body_bytes: int = Field(default=16 * _MEBIBYTE, ge=1024, le=256 * _MEBIBYTE)
    site_knowledge: Path | None = None
    evidence_url: WebAddress | None = None
    links: tuple[LinkSetting, ...] = ()
    demo_patients: Path = Path("fixtures/patients")
    trusted_clients: Path | None = None
    store_url: str = "sqlite:///var/trd-cds.sqlite3"
    pseudonym_key: SecretStr | None = Field(default=None, min_length=MIN_SECRET_LENGTH)
    retention_days: int = Field(default=365, ge=1, le=36_500)
    review_pages: bool = False
    session_key: SecretStr | None = Field(default=None, min_length=MIN_SECRET_LENGTH)
    openid: OpenIdProvider | None = None
    openid_secret: SecretStr | None = Field(default=None, min_length=1)

    @property
    def evidence_page(self) -> str:
        """Where the evidence ledger is shown to people."""
        return self.evidence_url or f"{self.public_url}/evidence"

    @property
    def has_review_pages(self) -> bool:
        """Whether clinicians can review decisions here."""
        return self.review_pages or self.profile == "demo"


def load_settings(secrets: Path = SECRETS) -> Settings:
    """Read the settings from the environment, and from files such as trd_cds_pseudonym_key.

    secrets: the folder of those files. The environment comes first.

    Errors: SettingsError with one sentence for a misspelt name, a value that cannot be, or a
    profile this version must not run in.
    """
    _refuse_unknown_names()
    try:
        settings = Settings(_secrets_dir=secrets if secrets.is_dir() else None)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = PREFIX + "_".join(str(part) for part in first["loc"]).upper()
        raise SettingsError(f"{name}: {first['msg']}") from None
    except ValueError:  # pydantic-settings: a list or table that is not JSON
        raise SettingsError(_name_what_is_no_json()) from None
    check_profile(settings)
    return settings


def _name_what_is_no_json() -> str:
    openid = os.environ.get(f"{PREFIX}OPENID", "{}")
    with suppress(ValueError):
        if isinstance(json.loads(openid), dict):
            return f"{PREFIX}LINKS: must be a JSON list of label and url"
    return f"{PREFIX}OPENID: must be a JSON object"


def check_profile(settings: Settings) -> None:
    """Refuse a combination of settings the profile must not run with.

    Errors: SettingsError. Production needs what keeps strangers out: https, a registry of trusted
    clients, and a secret of its own.
    """
    if settings.profile == "production":
        _check_production(settings)
    if settings.site_knowledge is not None and not settings.site_knowledge.is_dir():
        raise SettingsError(f"{PREFIX}SITE_KNOWLEDGE: is not a directory")
    if "demo_patients" in settings.model_fields_set and not settings.demo_patients.is_dir():
        raise SettingsError(f"{PREFIX}DEMO_PATIENTS: is not a directory")
    if settings.trusted_clients is not None and not settings.trusted_clients.is_file():
        raise SettingsError(f"{PREFIX}TRUSTED_CLIENTS: is not a file")


def _check_production(settings: Settings) -> None:
    if not settings.public_url.startswith("https://"):
        raise SettingsError(f"{PREFIX}PUBLIC_URL: profile production needs an https address")
    if settings.trusted_clients is None:
        raise SettingsError(
            f"{PREFIX}TRUSTED_CLIENTS: profile production needs a registry of trusted clients"
        )
    if settings.pseudonym_key is None:
        raise SettingsError(f"{PREFIX}PSEUDONYM_KEY: profile production needs a secret of its own")
    if settings.review_pages and settings.session_key is None:
        raise SettingsError(f"{PREFIX}SESSION_KEY: review pages in production need a secret")
    if "demo_patients" in settings.model_fields_set:
        raise SettingsError(f"{PREFIX}DEMO_PATIENTS: profile production shows no demo patients")
    if os.environ.get("FLASK_DEBUG", "0") not in {"", "0"}:
        raise SettingsError("FLASK_DEBUG: profile production runs without debugging")


def _refuse_unknown_names() -> None:
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    unknown = sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known)
    if unknown:
        raise SettingsError(f"{unknown[0]}: is not a setting; known are {', '.join(sorted(known))}")
