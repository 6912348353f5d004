"""JSON values as they travel, and the IDs of what they describe."""

import json
import secrets
import string
from typing import TypeAlias

Json: TypeAlias = 'bool | int | float | str | list[Json] | dict[str, Json] | None'
JsonObject: TypeAlias = dict[str, Json]


def to_text(value: JsonObject) -> str:
    """Return `value` as compact JSON in ASCII."""
    return json.dumps(value, separators=(',', ':'))


def new_id(prefix: str) -> str:
    """Return a new ID such as `item_E6mH8gMSHj8w5w9SzpiLj`: the prefix and 21 letters or digits, as at OpenAI."""
    return f'{prefix}_' + ''.join(secrets.choice(_LETTERS) for _ in range(21))


_LETTERS = string.ascii_letters + string.digits
