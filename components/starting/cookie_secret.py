"""The secret that signs cookies. By its cookie a browser finds its settings again."""

import os
import secrets
from pathlib import Path


def cookie_secret(folder: Path) -> str:
    """Return the secret kept in `folder`. It is made on first use, and only its owner can read it.

    It must outlive a restart, or every browser would lose its settings.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / 'cookie-secret'
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        if kept := path.read_text(encoding='ascii').strip():
            return kept
        path.unlink()  # left empty by an interrupted first start
        return cookie_secret(folder)
    with os.fdopen(descriptor, 'w', encoding='ascii') as file:
        file.write(secret := secrets.token_urlsafe(32))
    return secret
