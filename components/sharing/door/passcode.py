"""The passcode that guests enter to join."""

import secrets

from components.sharing.errors import SharingError

DIGITS = 6
SHORTEST = 6
"""Characters. With the waits in `passcode_attempts.py`, one address takes about 60 years to find six digits."""


class Passcode:
    """A passcode, compared in constant time. Spaces, dashes and capitals don't count, since people type them freely.

    Raises:
        SharingError: The text is too short to keep anyone out.
    """

    def __init__(self, text: str) -> None:
        self._plain = _plain(text)
        if len(self._plain) < SHORTEST:
            raise SharingError(
                f'A passcode needs at least {SHORTEST} letters or digits: --passcode "six words or digits".'
            )
        self.text = text.strip()

    @classmethod
    def fresh(cls) -> 'Passcode':
        """Make a random passcode of six digits."""
        digits = f'{secrets.randbelow(10**DIGITS):0{DIGITS}}'
        return cls(f'{digits[:3]} {digits[3:]}')

    def fits(self, given: str) -> bool:
        """Tell whether what someone typed is the passcode."""
        return secrets.compare_digest(self._plain.encode(), _plain(given).encode())

    def __repr__(self) -> str:
        return 'Passcode(…)'


def _plain(text: str) -> str:
    return ''.join(character for character in text.casefold() if character.isalnum())
