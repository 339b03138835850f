"""Can a secret come as a file, as containers hand them over?"""

from pathlib import Path

import pytest

from cds.settings import load_settings

KEY = "a-secret-of-this-test-and-of-no-other"


@pytest.mark.requirement("D27")
def test_a_setting_can_stand_in_a_file_of_its_name(tmp_path: Path) -> None:
    (tmp_path / "trd_cds_pseudonym_key").write_text(f"{KEY}\n", encoding="utf-8")
    key = load_settings(tmp_path).pseudonym_key
    assert key is not None
    assert key.get_secret_value() == KEY
    assert KEY not in repr(load_settings(tmp_path))


def test_the_environment_comes_before_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "trd_cds_retention_days").write_text("10", encoding="utf-8")
    assert load_settings(tmp_path).retention_days == 10
    monkeypatch.setenv("TRD_CDS_RETENTION_DAYS", "20")
    assert load_settings(tmp_path).retention_days == 20


def test_a_file_that_is_no_setting_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "somebody_elses_secret").write_text("x", encoding="utf-8")
    assert load_settings(tmp_path).pseudonym_key is None


def test_no_folder_of_secrets_is_no_fault(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "none").pseudonym_key is None
