"""Files that only their owner can read."""

import os
import secrets
from pathlib import Path


def private_folder(folder: Path) -> Path:
    """Create a folder that only its owner can open, or restrict an existing one. Returns it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    return folder


def write_private(path: Path, data: bytes) -> None:
    """Write a file completely or not at all; others can't read it at any moment."""
    draft = path.with_name(f'{path.name}.{secrets.token_hex(4)}')
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), 'wb') as file:
        file.write(data)
    draft.replace(path)
