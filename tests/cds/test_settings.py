"""Does a bad setting stop the start, in one sentence that names it?"""

import json
from pathlib import Path

import pytest

from cds.app import create_app
from cds.settings import Settings, SettingsError, load_settings
from rules.knowledge import Knowledge


def openid(**changes: object) -> str:
    agreed = {"issuer": "https://id.example", "client_id": "trd", "roles": {"staff": "reviewer"}}
    return json.dumps(agreed | changes)


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"TRD_CDS_{name.upper()}", raising=False)


def refused(monkeypatch: pytest.MonkeyPatch, **environment: str) -> str:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    return str(caught.value)


def test_without_variables_it_is_the_demo_on_loopback() -> None:
    settings = load_settings()
    assert (settings.profile, settings.public_url) == ("demo", "http://127.0.0.1:8000")
    assert settings.max_body_bytes == 16 * 1024 * 1024


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TRD_CDS_PROFILE", "live"),
        ("TRD_CDS_MAX_BODY_BYTES", "many"),
        ("TRD_CDS_MAX_BODY_BYTES", "0"),
        ("TRD_CDS_PUBLIC_URL", "localhost"),
        ("TRD_CDS_PUBLIC_URL", "javascript:alert(1)"),
        ("TRD_CDS_EVIDENCE_URL", "https://user@evidence.example"),
        ("TRD_CDS_LINKS", "https://guide.example"),
        ("TRD_CDS_LINKS", '[{"label": "x", "url": "javascript:alert(1)"}]'),
        ("TRD_CDS_SITE_KNOWLEDGE", "/no/such/folder"),
        ("TRD_CDS_DEMO_PATIENTS", "/no/such/folder"),
        ("TRD_CDS_MAX_BODY_BYTE", "1024"),
        ("TRD_CDS_SESSION_KEY", "short"),
        ("TRD_CDS_OPENID", "https://id.example"),
        ("TRD_CDS_OPENID", "[]"),
        ("TRD_CDS_OPENID", openid(issuer="http://id.example")),
        ("TRD_CDS_OPENID", openid(issuer="https://id.example?tenant=1")),
        ("TRD_CDS_OPENID", openid(issuer="https://user@id.example")),
        ("TRD_CDS_OPENID", openid(roles={})),
        ("TRD_CDS_OPENID", openid(roles={"staff": "chief"})),
        ("TRD_CDS_OPENID", openid(secret="not here")),  # noqa: S106 - the name of a member
    ],
)
@pytest.mark.requirement("D7", "D16")
def test_a_bad_setting_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    message = refused(monkeypatch, **{name: value})
    assert message.startswith(name)
    assert "\n" not in message


@pytest.mark.requirement("D7", "GEN-1", "I@2", "I@168")
def test_production_needs_https(monkeypatch: pytest.MonkeyPatch) -> None:
    message = refused(monkeypatch, TRD_CDS_PROFILE="production")
    assert "https" in message


PRODUCTION = {
    "TRD_CDS_PROFILE": "production",
    "TRD_CDS_PUBLIC_URL": "https://cds.example",
    "TRD_CDS_TRUSTED_CLIENTS": "pyproject.toml",
    "TRD_CDS_PSEUDONYM_KEY": "k" * 32,
}


def test_production_starts_with_all_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in PRODUCTION.items():
        monkeypatch.setenv(name, value)
    assert load_settings().profile == "production"


@pytest.mark.requirement("D7", "SEC-2", "D27")
@pytest.mark.parametrize("name", ["TRD_CDS_TRUSTED_CLIENTS", "TRD_CDS_PSEUDONYM_KEY"])
def test_production_does_not_start_without(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    message = refused(
        monkeypatch, **{key: value for key, value in PRODUCTION.items() if key != name}
    )
    assert message.startswith(name)


@pytest.mark.requirement("D7")
@pytest.mark.parametrize(
    ("name", "value"), [("TRD_CDS_DEMO_PATIENTS", "fixtures"), ("FLASK_DEBUG", "1")]
)
def test_production_refuses_what_is_for_trying(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    assert refused(monkeypatch, **PRODUCTION, **{name: value}).startswith(name)


@pytest.mark.requirement("D7")
def test_production_offers_review_pages_only_with_a_secret_of_their_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    message = refused(monkeypatch, **PRODUCTION, TRD_CDS_REVIEW_PAGES="true")
    assert message.startswith("TRD_CDS_SESSION_KEY")
    monkeypatch.setenv("TRD_CDS_SESSION_KEY", "s" * 32)
    assert load_settings().has_review_pages


def test_production_offers_no_review_pages_unless_it_is_told_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in PRODUCTION.items():
        monkeypatch.setenv(name, value)
    assert not load_settings().has_review_pages


@pytest.mark.parametrize("issuer", ["https://id.example/realm", "http://127.0.0.1:9400"])
def test_a_provider_is_agreed_with_in_one_setting(
    monkeypatch: pytest.MonkeyPatch, issuer: str
) -> None:
    monkeypatch.setenv("TRD_CDS_OPENID", openid(issuer=issuer, networks=["10.0.0.0/8"]))
    monkeypatch.setenv("TRD_CDS_OPENID_SECRET", "told to nobody")
    settings = load_settings()
    assert settings.openid is not None
    assert settings.openid.issuer == issuer
    assert "told to nobody" not in repr(settings)


def test_a_secret_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRD_CDS_PSEUDONYM_KEY", "0123456789abcdef" * 2)
    assert "0123456789abcdef" not in repr(load_settings())
    assert "short" not in refused(monkeypatch, TRD_CDS_PSEUDONYM_KEY="shortsecret")


def test_settings_made_in_code_are_checked_as_well(knowledge: Knowledge) -> None:
    with pytest.raises(SettingsError):
        create_app(Settings(profile="production"), knowledge=knowledge)


def test_values_come_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TRD_CDS_PUBLIC_URL", "https://cds.example/trd/")
    monkeypatch.setenv("TRD_CDS_SITE_KNOWLEDGE", str(tmp_path))
    monkeypatch.setenv("TRD_CDS_LINKS", '[{"label": "Guide", "url": "https://guide.example"}]')
    settings = load_settings()
    assert settings.evidence_page == "https://cds.example/trd/evidence"
    assert settings.links[0].label == "Guide"
