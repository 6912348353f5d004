"""The secret that signs cookies. By its cookie a browser finds its settings again."""

import os
import re
import secrets
from pathlib import Path

from .environment import warn


def cookie_secret(folder: Path) -> str:
    """Return the secret kept in `folder`. It is made on first use, and only its owner can read it.

    It must outlive a restart, or every browser would lose its settings. Where it can't be kept, it only lasts until the
    program ends. A damaged one is kept aside as `cookie-secret.damaged`.
    """
    path = folder / 'cookie-secret'
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if kept := _read(path):
            return kept
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), 'w', encoding='ascii') as file:
            file.write(secret := secrets.token_urlsafe(32))
    except OSError:
        return secrets.token_urlsafe(32)
    return secret


def _read(path: Path) -> str:
    """Return the kept secret, '' if there is none or it is damaged. Raises OSError."""
    try:
        kept = path.read_text(encoding='ascii', errors='replace').strip()
    except FileNotFoundError:
        return ''
    except IsADirectoryError:
        kept = '?'
    if re.fullmatch(r'[\w-]{32,}', kept, re.ASCII):
        return kept
    if not kept:
        path.unlink()  # left empty by an interrupted first start
        return ''
    damaged = path.with_name(f'{path.name}.damaged')
    if damaged.is_dir():  # could not be replaced
        damaged = path.with_name(f'{path.name}.{secrets.token_hex(4)}.damaged')
    path.replace(damaged)
    warn(f'{path} was damaged. It is kept as {damaged.name}, and every browser begins with new settings.')
    return ''
