"""Where does a deployment without a secret of its own keep one? In a file that only it may read."""

import os
import secrets
from pathlib import Path

KEY_BYTES = 32


def read_or_make_key(file: Path) -> bytes:
    """Read the key, or make one; of several workers that make one, the first is heard.

    Errors: OSError for a file that can neither be read nor made.
    """
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
        descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(secrets.token_hex(KEY_BYTES).encode())
            stream.flush()
            os.fsync(stream.fileno())
        try:
            os.link(draft, file)  # whole or not at all, and never over another
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return file.read_bytes()
