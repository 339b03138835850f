"""Does a bad setting stop the start, in one sentence that names it?"""

from pathlib import Path

import pytest

from cds.app import create_app
from cds.settings import Settings, SettingsError, load_settings
from rules.knowledge import Knowledge


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
    ],
)
@pytest.mark.requirement("D7", "D16")
def test_a_bad_setting_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    message = refused(monkeypatch, **{name: value})
    assert message.startswith(name)
    assert "\n" not in message


@pytest.mark.requirement("D7")
def test_production_needs_https(monkeypatch: pytest.MonkeyPatch) -> None:
    message = refused(monkeypatch, TRD_CDS_PROFILE="production")
    assert "https" in message


@pytest.mark.requirement("D7", "SEC-2")
def test_production_does_not_start_without_authenticated_clients(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    message = refused(
        monkeypatch, TRD_CDS_PROFILE="production", TRD_CDS_PUBLIC_URL="https://cds.example"
    )
    assert "authenticated clients" in message


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
