"""What a provider says when it refuses: which of address, key and model is at fault, without anything secret."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from .ticket import SERVICE_CODES, ProviderError

LONGEST_DETAIL = 300
"""Characters of a service's own message that are worth showing."""

SHORTEST_SECRET = 8
"""Characters. Local servers take any word as a key; such a word is no secret and may occur in any message."""


def refusal(status: int, content: bytes, key: str) -> ProviderError:
    """Read an HTTP answer that is not the one hoped for.

    :param key: the server's key, which some services repeat in their messages
    """
    if status < 400:
        return ProviderError('provider_answer_unusable', f'HTTP status {status}')
    error = json_object(content).get('error')
    said: Mapping[str, object] = error if isinstance(error, dict) else {'message': error}
    type, code, message, param = (
        cleaned(value, key) if isinstance(value, str) else None
        for value in (said.get(name) for name in ('type', 'code', 'message', 'param'))
    )
    return ProviderError(
        _code(status, code, param),
        message or '',
        status=status,
        error={'type': type, 'code': code, 'message': message or '', 'param': param},
    )


def cleaned(text: str, key: str) -> str:
    """The text without the key, or any other, in one line of bounded length."""
    without_own = text.replace(key, '…') if len(key) >= SHORTEST_SECRET else text
    without_any = re.sub(r'\b(sk|ek)[-_][\w*.-]+', r'\1-…', without_own)
    return ' '.join(without_any.split())[:LONGEST_DETAIL]


def json_object(content: bytes) -> dict[str, object]:
    """The object, or an empty one where there is none."""
    try:
        data = json.loads(content)
    except (ValueError, RecursionError):
        data = None
    return data if isinstance(data, dict) else {}


def _code(status: int, code: str | None, param: str | None) -> str:
    if code in SERVICE_CODES:
        return str(code)
    if code == 'DeploymentNotFound' or (param in _MODEL and status in (400, 404)):  # Azure's word for a model
        return 'model_not_found'
    if status == 405:
        return 'http_404'  # another kind of page answers there
    return f'http_{status}' if status in (401, 403, 404, 429) else f'http_{status // 100}xx'


_MODEL = {'model', 'session.model'}
