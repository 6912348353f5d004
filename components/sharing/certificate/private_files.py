"""Files that their owner alone may read."""

import os
import secrets
from pathlib import Path


def private_folder(folder: Path) -> Path:
    """Make a folder that nobody else may look into, or close one that is there. Gives it back."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    return folder


def write_private(path: Path, data: bytes) -> None:
    """Write a file at once or not at all; at no moment can others read it."""
    draft = path.with_name(f'{path.name}.{secrets.token_hex(4)}')
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), 'wb') as file:
        file.write(data)
    draft.replace(path)
