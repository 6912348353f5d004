"""JSON, as it travels."""

import json
from typing import TypeAlias

Json: TypeAlias = 'bool | int | float | str | list[Json] | dict[str, Json] | None'
JsonObject: TypeAlias = dict[str, Json]


def to_text(value: JsonObject) -> str:
    """JSON in ASCII: half of a surrogate pair, which a client's JSON may hold, could not be sent as UTF-8."""
    return json.dumps(value, separators=(',', ':'))
