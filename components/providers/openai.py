"""OpenAI, or any server that speaks its Realtime protocol, as the one who answers."""

from __future__ import annotations

import asyncio
import hashlib
import re
import time
from collections.abc import Callable, Mapping

import httpx

from components.settings.catalogue import ProviderKind

from .socket import OpenSocket, ServiceSocket, SocketRefused, open_network_socket
from .ticket import SERVICE_CODES, ProviderError, Ticket

DEFAULT_BASE_URL = 'https://api.openai.com/v1'

TICKET_LIFETIME = 120
"""Seconds. Short, because the token could open several sessions; the service allows 10 to 7200 (API reference,
"Create client secret"). A call that has begun outlives its token."""

TIMEOUT = 10.0
"""Seconds for the whole exchange, from name lookup to the last byte."""

LONGEST_DETAIL = 300
"""Characters of a service's own message that are worth showing."""

SHORTEST_SECRET = 8
"""Characters. Local servers take any word as a key; such a word is no secret and may occur in any message."""


class OpenAI:
    """Mints tickets with a server key, which never leaves this object except in the request's header."""

    def __init__(
        self,
        key: str,
        client: httpx.AsyncClient,
        base_url: str = DEFAULT_BASE_URL,
        *,
        kind: ProviderKind = 'openai',
        calls_url: str | None = None,
        open_socket: OpenSocket = open_network_socket,
        timeout: float = TIMEOUT,
        now: Callable[[], float] = time.time,
    ) -> None:
        """Raise ValueError, without the key in it, when the key cannot be one or the base URL is not http(s).

        :param calls_url: where the browser sends its offer; by default `{base_url}/realtime/calls`
        :param open_socket: how a WebSocket is opened
        :param timeout: seconds for one exchange
        :param now: unix seconds
        """
        if not re.fullmatch(r'[!-~]+', key):
            raise ValueError('OPENAI_API_KEY contains characters that no key has')
        self._key = key
        self._client = client
        self._base_url = _base(base_url)
        self.kind = kind
        self.calls_url = calls_url or self._url('realtime/calls')
        self._open_socket = open_socket
        self._timeout = timeout
        self._now = now

    async def mint(self, session: Mapping[str, object], browser_id: str) -> Ticket:
        """Fetch a ticket bound to this session object. Raises ProviderError.

        :param browser_id: tells one user of this key from another; the service sees only its SHA-256
        """
        asked_at = self._now()
        body = {'expires_after': {'anchor': 'created_at', 'seconds': TICKET_LIFETIME}, 'session': session}
        answer = await self._post('realtime/client_secrets', body, browser_id)
        if not answer.is_success:
            raise self._refusal(answer)
        token, expires_at = self._read(answer)
        # The service's clock and ours may differ, so its word counts only where it shortens the life we asked for.
        return Ticket(self.calls_url, token, min(expires_at, asked_at + TICKET_LIFETIME), self.kind)

    async def connect(self, model: str, browser_id: str) -> ServiceSocket:
        """Open a WebSocket for one call, of which Python carries the sound. Raises ProviderError.

        :param browser_id: as for `mint`
        """
        scheme = 'wss' if self._base_url.scheme == 'https' else 'ws'
        url = httpx.URL(self._url('realtime')).copy_with(scheme=scheme, params={'model': model})
        try:
            async with asyncio.timeout(self._timeout):
                return await self._open_socket(url, self._headers(browser_id))
        except TimeoutError:
            failure = ProviderError('provider_timeout', f'No answer within {self._timeout:g} s')
        except SocketRefused as refused:
            failure = self._refusal(refused.answer)
        except OSError as error:
            failure = ProviderError('provider_unreachable', self._cleaned(str(error)))
        raise failure  # outside of the except clauses, as in `_post`

    async def close(self) -> None:
        """Close the connections that are kept open."""
        await self._client.aclose()

    @property
    def host(self) -> str:
        """The server's name, with its port unless that is the usual one."""
        return self._base_url.netloc.decode()

    async def _post(self, path: str, body: Mapping[str, object], browser_id: str) -> httpx.Response:
        try:
            async with asyncio.timeout(self._timeout):
                return await self._client.post(
                    self._url(path), json=body, headers=self._headers(browser_id), timeout=None, follow_redirects=False
                )
        except (TimeoutError, httpx.TimeoutException):
            failure = ProviderError('provider_timeout', f'No answer within {self._timeout:g} s')
        except httpx.DecodingError as error:
            failure = ProviderError('provider_answer_unusable', self._cleaned(str(error)))
        except httpx.HTTPError as error:
            failure = ProviderError('provider_unreachable', self._cleaned(str(error)))
        raise failure  # outside of the except clauses: httpx's errors hold the request, and with it the key

    def _headers(self, browser_id: str) -> dict[str, str]:
        return {
            'Authorization': f'Bearer {self._key}',
            'OpenAI-Safety-Identifier': hashlib.sha256(browser_id.encode()).hexdigest(),
        }

    def _read(self, answer: httpx.Response) -> tuple[str, float]:
        data = _json(answer)
        token, expires_at = data.get('value'), data.get('expires_at')
        if not isinstance(token, str) or not re.fullmatch(r'[!-~]+', token):
            raise ProviderError('provider_answer_unusable', 'The answer holds no token')
        if not isinstance(expires_at, int | float) or isinstance(expires_at, bool):
            raise ProviderError('provider_answer_unusable', 'The answer does not say when the token expires')
        return token, float(expires_at)

    def _refusal(self, answer: httpx.Response) -> ProviderError:
        if answer.status_code < 400:
            return ProviderError('provider_answer_unusable', f'HTTP status {answer.status_code}')
        error = _json(answer).get('error')
        said: Mapping[str, object] = error if isinstance(error, dict) else {'message': error}
        code, message = said.get('code'), said.get('message')
        return ProviderError(
            code if isinstance(code, str) and code in SERVICE_CODES else _status_code(answer.status_code),
            self._cleaned(message) if isinstance(message, str) else '',
        )

    def _cleaned(self, text: str) -> str:
        without_own = text.replace(self._key, '…') if len(self._key) >= SHORTEST_SECRET else text
        without_any = re.sub(r'\b(sk|ek)[-_][\w*.-]+', r'\1-…', without_own)
        return ' '.join(without_any.split())[:LONGEST_DETAIL]

    def _url(self, path: str) -> str:
        return str(self._base_url.copy_with(path=f'{self._base_url.path.rstrip("/")}/{path}'))


def _base(text: str) -> httpx.URL:
    try:
        url = httpx.URL(text.strip())
    except httpx.InvalidURL:
        url = httpx.URL('')
    if url.scheme not in ('http', 'https') or not url.host or url.userinfo:
        raise ValueError('OPENAI_BASE_URL must look like https://host/v1, without a password')
    return url


def _json(answer: httpx.Response) -> dict[str, object]:
    try:
        data = answer.json()
    except ValueError:
        data = None
    return data if isinstance(data, dict) else {}


def _status_code(status: int) -> str:
    return f'http_{status}' if status in (401, 403, 404, 429) else f'http_{status // 100}xx'
