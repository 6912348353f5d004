"""The word that opens the door."""

import secrets

from components.sharing.errors import SharingError

DIGITS = 6
SHORTEST = 6
"""Characters. With the waits between tries (`tries.py`) one address finds six digits in some 60 years."""


class Passcode:
    """Compares in constant time, without regard to spaces, dashes and capitals, which people type as they like."""

    def __init__(self, text: str) -> None:
        """Raise SharingError where it would be too short to keep anybody out."""
        self._plain = _plain(text)
        if len(self._plain) < SHORTEST:
            raise SharingError(
                f'A passcode needs at least {SHORTEST} letters or digits: --passcode "six words or digits".'
            )
        self.text = text.strip()

    @classmethod
    def fresh(cls) -> 'Passcode':
        digits = f'{secrets.randbelow(10**DIGITS):0{DIGITS}}'
        return cls(f'{digits[:3]} {digits[3:]}')

    def fits(self, given: str) -> bool:
        return secrets.compare_digest(self._plain.encode(), _plain(given).encode())

    def __repr__(self) -> str:
        return 'Passcode(…)'


def _plain(text: str) -> str:
    return ''.join(character for character in text.casefold() if character.isalnum())
