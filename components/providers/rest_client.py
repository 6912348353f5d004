"""HTTP requests to the API of one provider."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import httpx
from socksio import SOCKSError

from .error import ProviderError, read_error, redacted
from .profile import BadSetup, Profile

TIMEOUT = 10.0
"""Seconds for one whole request, from name lookup to the last byte."""

LONGEST_ANSWER = 1_000_000
"""Bytes of an answer; a ticket with its session, or an SDP answer, has some thousands."""


class RestClient:
    """Sends requests with the provider's key, which only leaves this object in their headers.

    Args:
        key: The provider's key; empty for one that needs none.
        client: The HTTP client.
        profile: The provider's profile; its base URL must be known.
        timeout: Seconds for one request.

    Raises:
        BadSetup: The key contains invalid characters; the message doesn't repeat it.
    """

    def __init__(self, key: str, client: httpx.AsyncClient, profile: Profile, *, timeout: float = TIMEOUT) -> None:
        if not re.fullmatch(r'[!-~]*', key):
            raise BadSetup('bad_key', variable=profile.variables['key'])
        self.timeout = timeout
        self._key = key
        self._client = client
        self._profile = profile
        self._base_url = httpx.URL(profile.base_url)

    @property
    def has_key(self) -> bool:
        """Whether there is a key."""
        return bool(self._key)

    @property
    def authentication(self) -> dict[str, str]:
        """The header that holds the key."""
        if not self._key or self._profile.authentication == 'none':
            return {}
        if self._profile.authentication == 'api-key':
            return {'api-key': self._key}
        return {'Authorization': f'Bearer {self._key}'}

    async def get(self, path: str) -> httpx.Response:
        """Get what is at a path below the base URL. Raises ProviderError if nothing comes back in time."""
        return await self._send('GET', path, self.timeout, headers=self.authentication)

    async def post(self, path: str, seconds: float = 0, **request: Any) -> httpx.Response:
        """Post to a path below the base URL.

        Args:
            path: The path.
            seconds: How long an answer may take; by default as long as others.
            request: What httpx takes. Without `headers` they hold the key alone.

        Raises:
            ProviderError: Nothing that can be read came back in time. A refusal is an answer.
        """
        return await self._send('POST', path, seconds or self.timeout, **{'headers': self.authentication, **request})

    def url(self, path: str) -> str:
        """Return the URL of a path below the base URL."""
        return str(self._base_url.copy_with(path=f'{self._base_url.path.rstrip("/")}/{path}'))

    def read_error(self, status: int, content: bytes) -> ProviderError:
        """Read a response that isn't the expected one, without the key in it."""
        return read_error(status, content, self._key)

    def unreachable(self, error: Exception) -> ProviderError:
        """Describe that the provider can't be reached, without the key."""
        return ProviderError('provider_unreachable', redacted(str(error), self._key))

    async def close(self) -> None:
        """Close the connections that are kept open."""
        await self._client.aclose()

    async def _send(self, method: str, path: str, seconds: float, **request: Any) -> httpx.Response:
        try:
            async with asyncio.timeout(seconds):
                connects = _Connects()
                try:
                    return await self._exchange(method, path, connects, **request)
                except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
                    if connects.happened:
                        raise
                # a server may close an idle connection just as it is used again; browsers repeat the request, too
                return await self._exchange(method, path, connects, **request)
        except (TimeoutError, httpx.TimeoutException):
            failure = ProviderError('provider_timeout', f'No answer within {seconds:g} s', status=504)
        except httpx.DecodingError as error:
            failure = ProviderError('provider_answer_unusable', redacted(str(error), self._key))
        except (httpx.HTTPError, SOCKSError) as error:
            failure = self.unreachable(error)
        raise failure  # outside the except clauses: httpx's errors hold the request, and with it the key

    async def _exchange(self, method: str, path: str, connects: _Connects, **request: Any) -> httpx.Response:
        request |= {'timeout': None, 'follow_redirects': False, 'extensions': {'trace': connects.trace}}
        async with self._client.stream(method, self.url(path), **request) as answer:
            content = await _bounded(answer)
            location = {name: value for name, value in answer.headers.items() if name == 'location'}
            return httpx.Response(answer.status_code, headers=location, content=content)


class _Connects:
    """Notices whether a request opens a connection, by the trace of httpcore."""

    happened = False

    async def trace(self, event: str, info: object) -> None:
        self.happened = self.happened or 'connect_tcp' in event


async def _bounded(answer: httpx.Response) -> bytes:
    """Read a body. Raises DecodingError if it is longer than any answer of the protocol."""
    content = bytearray()
    async for chunk in answer.aiter_bytes():
        content += chunk
        if len(content) > LONGEST_ANSWER:
            raise httpx.DecodingError(f'The answer has more than {LONGEST_ANSWER} bytes')
    return bytes(content)
