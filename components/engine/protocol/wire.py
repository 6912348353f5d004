"""JSON values as they travel, and the IDs of what they describe."""

import base64
import json
import secrets
import string
from collections.abc import Mapping
from typing import TypeAlias

Json: TypeAlias = 'bool | int | float | str | list[Json] | dict[str, Json] | None'
JsonObject: TypeAlias = dict[str, Json]

EventValue: TypeAlias = 'Json | bytes'
EventFields: TypeAlias = Mapping[str, EventValue]
"""An event for a client. Sound is bytes, for which its JSON has base64."""


def to_text(value: EventFields) -> str:
    """Return `value` as compact JSON in ASCII."""
    return json.dumps(value, separators=(',', ':'), default=_base64)


def _base64(sound: bytes) -> str:
    return base64.b64encode(sound).decode()


def new_id(prefix: str) -> str:
    """Return a new ID such as `item_E6mH8gMSHj8w5w9SzpiLj`: the prefix and 21 letters or digits, as at OpenAI."""
    return f'{prefix}_' + ''.join(secrets.choice(_LETTERS) for _ in range(21))


_LETTERS = string.ascii_letters + string.digits
