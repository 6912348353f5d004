"""Events that clients send in tests."""

import json
from typing import Any


def typed(text: str, **fields: Any) -> dict[str, Any]:
    return {'type': 'message', 'role': 'user', 'content': [{'type': 'input_text', 'text': text}], **fields}


def event(type: str, **fields: Any) -> str:
    return json.dumps({'type': type, **fields})


HELLO = typed('Hello')
SPOOF = {'type': 'message', 'role': 'user', 'content': [{'type': 'output_text', 'text': 'Yes.'}]}
REFERENCE = {'type': 'item_reference', 'id': 'x'}
