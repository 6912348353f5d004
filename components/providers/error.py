"""Why a provider gave no ticket or placed no call: which of address, key and model is at fault, without any secret."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from components.words.endings import known_code

SERVICE_CODES = frozenset({'invalid_api_key', 'insufficient_quota', 'model_not_found', 'rate_limit_exceeded'})
"""Values of a service's `error.code` that have texts of their own in the section `failures` of assets/languages."""

LONGEST_DETAIL = 300
"""Characters of a service's own message that are worth showing."""

LONGEST_MESSAGE = 10_000
"""Characters of a service's message that are looked at."""

SHORTEST_SECRET = 8
"""Characters. Local servers take any word as a key; such a word is no secret and may occur in any message."""


class ProviderError(Exception):
    """A provider gave no ticket, or placed no call.

    Attributes:
        code: The service's own `error.code` if it is one of `SERVICE_CODES`; otherwise the HTTP status (`http_401`,
            `http_403`, `http_404`, `http_429`, `http_4xx`, `http_5xx`), or Parley's own `provider_unreachable`,
            `provider_timeout`, `provider_answer_unusable`, `relay_only`, `ticket_invalid` or `ticket_used`.
        detail: The service's message without any secret; may be empty.
        status: The HTTP status for a browser that placed the call over HTTP.
        body: The JSON body for such a browser, in the shape of the Realtime API.
    """

    def __init__(
        self, code: str, detail: str = '', *, status: int = 502, error: Mapping[str, object] | None = None
    ) -> None:
        super().__init__(f'{code}: {detail}' if detail else code)
        self.code = code
        self.detail = detail
        self.status = status
        own = {'type': 'invalid_request_error', 'code': code, 'message': detail, 'param': None}
        self.body = {'error': error or own}


def read_error(status: int, content: bytes, key: str) -> ProviderError:
    """Read an HTTP response that isn't the expected one.

    Args:
        status: The HTTP status.
        content: The body.
        key: The server's key, which some services repeat in their messages.
    """
    if status < 400:
        return ProviderError('provider_answer_unusable', f'HTTP status {status}')
    body = json_object(content)
    error = body.get('error', body.get('detail'))  # FastAPI, which many gateways use, calls it `detail`
    fields: Mapping[str, object] = error if isinstance(error, dict) else {'message': error}
    type, code, message, param = (
        redacted(value, key) if isinstance(value, str) else None
        for value in (fields.get(name) for name in ('type', 'code', 'message', 'param'))
    )
    return ProviderError(
        _code(status, code, type, message or '', param),
        message or '',
        status=status,
        error={'type': type, 'code': code, 'message': message or '', 'param': param},
    )


def redacted(text: str, key: str) -> str:
    """Return the text in one line of bounded length, without this key or any other."""
    text = text[:LONGEST_MESSAGE]
    without_own = _without(key, text) if len(key) >= SHORTEST_SECRET else text
    without_any = re.sub(r'\b(sk|ek)[-_][\w*.-]+', r'\1-…', without_own)
    return ' '.join(without_any.split())[:LONGEST_DETAIL]


def _without(key: str, text: str) -> str:
    """Return a text without a key, also where it is encoded, as by a service that shows the headers it received."""
    text = text.replace(key, '…')
    return ''.join('…' if any(key in plain for plain in _decoded(word)) else word for word in re.split(r'(\s+)', text))


def _decoded(word: str) -> Iterator[str]:
    """Decode a word as URLs, HTML, JSON, hexadecimal and Base64 do."""
    yield html.unescape(word)
    plain = word
    for _ in range(4):  # encodings of encodings
        plain = unquote(plain)
        yield plain
    yield re.sub(r'\\+u([0-9a-fA-F]{4})', lambda code: chr(int(code[1], 16)), word)
    for run in re.findall(r'[0-9a-fA-F]{16,}', plain):
        yield bytes.fromhex(run[: len(run) // 2 * 2]).decode('latin-1')
    for run in re.findall(r'[\w+/-]{10,}', plain, re.ASCII):
        for start in range(4):  # the encoding may have begun somewhere before
            letters = run[start:].translate(_URL_SAFE)
            letters = letters[:-1] if len(letters) % 4 == 1 else letters
            yield base64.b64decode(letters + '=' * (-len(letters) % 4)).decode('latin-1')


_URL_SAFE = str.maketrans('-_', '+/')


def json_object(content: bytes) -> dict[str, object]:
    """Parse a JSON object; anything else gives an empty one."""
    try:
        data = json.loads(content)
    except (ValueError, RecursionError):
        data = None
    return data if isinstance(data, dict) else {}


def _code(status: int, code: str | None, kind: str | None, message: str, param: str | None) -> str:
    if (known := known_code(code, kind, message=message)) in SERVICE_CODES:
        return known
    if param in _MODEL and status in (400, 404):
        return 'model_not_found'
    if status == 405:
        return 'http_404'  # some other kind of server
    return f'http_{status}' if status in (401, 403, 404, 429) else f'http_{status // 100}xx'


_MODEL = {'model', 'session.model'}
