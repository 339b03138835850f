"""Is this the password? Argon2id, with the parameters the library recommends.

A name that nobody has costs as much time as a wrong password.
"""

from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# Length is what makes a password strong where it is all that somebody signs in with; no rules on
# characters. Source: NIST SP 800-63B-4, section 3.1.1.2.
MIN_LENGTH = 15
MAX_LENGTH = 256

# Each hash takes 64 MiB while it is made, and a worker has many threads.
_AT_ONCE = 2


class Passwords:
    """Makes and compares hashes, for all threads of a worker."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._of_nobody = ""
        self._places = BoundedSemaphore(_AT_ONCE)

    def hash(self, password: str) -> str:
        """Make the hash that is kept."""
        with self._places:
            return self._hasher.hash(_bytes(password))

    def is_right(self, password: str, kept: str | None) -> bool:
        """Compare a password with a kept hash. None, for who has none: False, as slowly."""
        with self._places:
            self._of_nobody = self._of_nobody or self._hasher.hash("the password of nobody")
            try:
                self._hasher.verify(kept or self._of_nobody, _bytes(password[:MAX_LENGTH]))
            except (VerificationError, InvalidHashError):
                return False
        return kept is not None

    def is_old(self, kept: str) -> bool:
        """Whether a hash was made with other parameters than a new one would be."""
        return self._hasher.check_needs_rehash(kept)


def find_fault(password: str, name: str) -> str:
    """Say what is wrong with a new password in one sentence; "" for nothing."""
    if len(password) < MIN_LENGTH:
        return f"A password has at least {MIN_LENGTH} characters; a few words are a good one."
    if len(password) > MAX_LENGTH:
        return f"A password has at most {MAX_LENGTH} characters."
    if len(set(password)) < MIN_LENGTH // 3 or name.lower() in password.lower():
        return "A password must not repeat a few characters, nor hold the name of the account."
    return ""


def _bytes(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")
