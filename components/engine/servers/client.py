"""The `openai` client of one stage's server."""

from collections.abc import AsyncIterator

import httpx2
from openai import AsyncOpenAI

from .stage_server import StageServer


def open_client(
    server: StageServer,
    *,
    answer_seconds: float = 30.0,
    transport: httpx2.AsyncBaseTransport | None = None,
) -> AsyncOpenAI:
    """Return a client for `server`, which the caller closes.

    `answer_seconds` limits the wait for the first bytes of an answer and for the next ones: many servers load their
    model with the first request. A `transport` replaces the network. An answer that
    is longer than any that a stage needs raises `AnswerTooLong` while it is read.

    Failed requests are not repeated: in a conversation, a sentence about the failure is better than silence, and the
    person asks again anyway.
    """

    async def send_own_headers(request: httpx2.Request) -> None:
        # The package adds what the environment holds for OpenAI (a key, an organization, headers of one's own) and
        # details of this machine. None of that is meant for this server.
        for name in {*request.headers} - _HEADERS:
            del request.headers[name]
        if server.key:
            request.headers['Authorization'] = f'Bearer {server.key}'
        request.headers['Accept-Encoding'] = 'identity'  # so that the bytes that are counted are those that are kept

    async def bound(response: httpx2.Response) -> None:
        response.stream = _Bounded(response)

    http = httpx2.AsyncClient(
        timeout=httpx2.Timeout(answer_seconds, connect=CONNECT_SECONDS),
        transport=transport,
        mounts=None if transport else _DIRECT,
        event_hooks={'request': [send_own_headers], 'response': [bound]},
    )
    # An empty key is refused by the package, and None stands for that of the environment.
    return AsyncOpenAI(base_url=server.url, api_key=server.key or 'none', max_retries=0, http_client=http)


class AnswerTooLong(httpx2.HTTPError):
    """A server's answer is longer than any that a stage needs."""


class _Bounded(httpx2.AsyncByteStream):
    """The body of an answer. Reading too much of it fails, so that no server can fill the memory."""

    def __init__(self, response: httpx2.Response) -> None:
        assert isinstance(response.stream, httpx2.AsyncByteStream)
        self._stream = response.stream
        is_text = any(kind in response.headers.get('Content-Type', '') for kind in ('json', 'text'))
        self._left = LONGEST_TEXT if is_text else LONGEST_SOUND

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for data in self._stream:
            self._left -= len(data)
            if self._left < 0:
                raise AnswerTooLong('The answer is too long.')
            yield data

    async def aclose(self) -> None:
        await self._stream.aclose()


CONNECT_SECONDS = 5.0
LONGEST_TEXT = 8_000_000  # bytes; a streamed answer takes some 250 for each token
LONGEST_SOUND = 64_000_000  # bytes; five minutes at 96 kHz, more than any text that is asked for takes
# Servers on this machine are asked directly, even if the environment names a proxy.
_DIRECT: dict[str, httpx2.AsyncBaseTransport | None] = {
    f'all://{host}': None for host in ('localhost', '127.0.0.1', '[::1]')
}
_HEADERS = {
    *('host', 'connection', 'accept', 'accept-encoding', 'user-agent'),
    *('content-type', 'content-length', 'transfer-encoding'),
    'x-stainless-raw-response',  # the package reads it again to know what to return
}
