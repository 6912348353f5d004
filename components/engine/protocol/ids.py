"""Names of things on the wire."""

import secrets
import string


def new_id(prefix: str) -> str:
    """A fresh name such as `item_E6mH8gMSHj8w5w9SzpiLj`: the prefix and 21 letters or digits, as the service makes."""
    return f'{prefix}_' + ''.join(secrets.choice(_LETTERS) for _ in range(21))


_LETTERS = string.ascii_letters + string.digits
