"""Does the pseudonym hide a patient from everybody without the key, and stay the same with it?"""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import SecretStr

from cds.store.errors import UnusableStoreError
from cds.store.pseudonym import Pseudonyms, open_pseudonyms, read_pseudonyms

KEY = b"k" * 32
NAMES = Pseudonyms(KEY)


@pytest.mark.requirement("D9")
def test_a_pseudonym_is_thirty_two_hexadecimal_digits() -> None:
    assert re.fullmatch(r"[0-9a-f]{32}", NAMES.of("north", "1032702"))


def test_a_pseudonym_stays_the_same_from_version_to_version() -> None:
    assert NAMES.of("north", "1032702") == "e37e9236739be279ef97fb529dea5e21"


@pytest.mark.parametrize(
    "other",
    [
        NAMES.of("south", "1"),
        NAMES.of("north", "2"),
        NAMES.of("north1", ""),
        NAMES.of("", "north1"),
        Pseudonyms(b"l" * 32).of("north", "1"),
        NAMES.of_call("north", "1", "", b"")[:32],
    ],
)
def test_another_client_patient_key_or_purpose_gives_another_pseudonym(other: str) -> None:
    assert NAMES.of("north", "1") != other


def test_a_patient_id_of_any_characters_has_a_pseudonym() -> None:
    assert NAMES.of("north", "\ud800") != NAMES.of("north", "\ud801")


@pytest.mark.requirement("E22")
def test_the_same_call_has_the_same_key() -> None:
    call = ("north", "service", "instance", b"{}")
    assert NAMES.of_call(*call) == NAMES.of_call(*call)
    assert re.fullmatch(r"[0-9a-f]{64}", NAMES.of_call(*call))


@pytest.mark.requirement("E22")
@pytest.mark.parametrize(
    "other",
    [
        ("south", "service", "instance", b"{}"),
        ("north", "other", "instance", b"{}"),
        ("north", "service", "other", b"{}"),
        ("north", "service", "instance", b"{ }"),
        ("north", "servicei", "nstance", b"{}"),
    ],
)
def test_a_call_that_differs_has_another_key(other: tuple[str, str, str, bytes]) -> None:
    assert NAMES.of_call("north", "service", "instance", b"{}") != NAMES.of_call(*other)


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Pseudonyms(b"k" * 31)


def test_the_key_is_in_no_repr() -> None:
    assert "kkk" not in repr(NAMES)


def test_the_key_of_the_settings_needs_no_file(tmp_path: Path) -> None:
    opened = open_pseudonyms(SecretStr(KEY.decode()), tmp_path / "key")
    assert opened.of("north", "1") == NAMES.of("north", "1")
    assert list(tmp_path.iterdir()) == []


def test_a_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "var" / "pseudonym.key"
    first = open_pseudonyms(None, file)
    assert open_pseudonyms(None, file).of("north", "1") == first.of("north", "1")
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_two_deployments_make_two_keys(tmp_path: Path) -> None:
    first, second = (open_pseudonyms(None, tmp_path / name) for name in ("a", "b"))
    assert first.of("north", "1") != second.of("north", "1")


def test_of_several_workers_that_make_a_key_all_use_the_same(tmp_path: Path) -> None:
    def name(_: int) -> str:
        return open_pseudonyms(None, tmp_path / "key").of("north", "1")

    with ThreadPoolExecutor(16) as pool:
        assert len(set(pool.map(name, range(16)))) == 1


def test_no_key_is_made_to_find_a_patient(tmp_path: Path) -> None:
    with pytest.raises(UnusableStoreError, match="no pseudonym key"):
        read_pseudonyms(None, tmp_path / "key")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("use", [open_pseudonyms, read_pseudonyms])
def test_a_file_that_holds_no_key_is_told(tmp_path: Path, use) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "key").write_bytes(b"short\n")
    with pytest.raises(UnusableStoreError, match="holds no key"):
        use(None, tmp_path / "key")


def test_a_key_that_can_neither_be_read_nor_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UnusableStoreError, match="neither be read nor made"):
        open_pseudonyms(None, tmp_path / "file" / "key")
