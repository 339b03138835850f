"""Under which name is a patient kept? A keyed hash: who has the key can look one up, nobody else.

One key serves four purposes, and each has a label of its own in what is hashed, so that no value
made for one can be mistaken for a value of another.
"""

import hmac
from hashlib import sha256
from pathlib import Path

from pydantic import SecretStr

from cds.store.database import read_store_url, sqlite_file
from cds.store.errors import UnusableStoreError
from cds.store.key_file import KEY_BYTES, read_or_make_key

MIN_KEY_BYTES = KEY_BYTES
_PSEUDONYM_LENGTH = 32
_KEY_FILE = Path("var/pseudonym.key")


class Pseudonyms:
    """Turns patients and calls into keyed hashes. The key is in no repr.

    Errors: ValueError for a key of less than 32 bytes.
    """

    def __init__(self, key: bytes) -> None:
        if len(key) < MIN_KEY_BYTES:
            raise ValueError(f"the key must have at least {MIN_KEY_BYTES} bytes")
        self._key = key

    def of(self, client: str, patient_id: str) -> str:
        """Give the pseudonym of a client's patient, 32 hexadecimal digits."""
        return self._hash(b"patient", client, patient_id)[:_PSEUDONYM_LENGTH]

    def of_call(self, client: str, service: str, hook_instance: str, body: bytes) -> str:
        """Give the key of a call: the same for the same body under the same hookInstance.

        Source: fault E22; another body under the same hookInstance is a new decision.
        """
        return self._hash(b"call", client, service, hook_instance, sha256(body).hexdigest())

    def in_export(self, kind: str, *parts: str) -> str:
        """Give what stands for an id in a de-identified export, 64 hexadecimal digits.

        kind: what sort of id it is, so that equal ids of two sorts are not the same.
        """
        return self._hash(b"export", kind, *parts)

    def _hash(self, purpose: bytes, *parts: str) -> str:
        digest = hmac.new(self._key, purpose, sha256)
        for part in parts:
            written = part.encode("utf-8", "surrogatepass")
            # With its length before it, so that no two lists of parts hash the same bytes.
            digest.update(b":%d:%b" % (len(written), written))
        return digest.hexdigest()


def key_file_of(store_url: str) -> Path:
    """Say where a deployment without a key of its own keeps one: beside its database.

    Errors: UnusableStoreError for an address that is none.
    """
    url = read_store_url(store_url)
    if url.get_backend_name() == "sqlite":
        return sqlite_file(url).with_name(_KEY_FILE.name)
    return _KEY_FILE


def open_pseudonyms(key: SecretStr | None, key_file: Path) -> Pseudonyms:
    """Use the key of the settings, else the one in the file, which is made at the first start.

    Errors: UnusableStoreError for a file that cannot be read or made, or holds no key.
    """
    if key is not None:
        return Pseudonyms(key.get_secret_value().encode())
    try:
        written = read_or_make_key(key_file)
    except OSError:
        raise UnusableStoreError("the pseudonym key can neither be read nor made") from None
    return _of_file(written)


def read_pseudonyms(key: SecretStr | None, key_file: Path) -> Pseudonyms:
    """Use a key that is there; a new one would find nobody. Errors: UnusableStoreError."""
    if key is not None:
        return Pseudonyms(key.get_secret_value().encode())
    try:
        return _of_file(key_file.read_bytes())
    except OSError:
        raise UnusableStoreError("there is no pseudonym key to find a patient with") from None


def _of_file(written: bytes) -> Pseudonyms:
    try:
        return Pseudonyms(written.strip())
    except ValueError:
        raise UnusableStoreError("the file of the pseudonym key holds no key") from None
