"""The `openai` client of one stage's server."""

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
    model with the first request. A `transport` replaces the network.

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

    http = httpx2.AsyncClient(
        timeout=httpx2.Timeout(answer_seconds, connect=CONNECT_SECONDS),
        transport=transport,
        mounts=None if transport else _DIRECT,
        event_hooks={'request': [send_own_headers]},
    )
    # An empty key is refused by the package, and None stands for that of the environment.
    return AsyncOpenAI(base_url=server.url, api_key=server.key or 'none', max_retries=0, http_client=http)


CONNECT_SECONDS = 5.0
# Servers on this machine are asked directly, even if the environment names a proxy.
_DIRECT: dict[str, httpx2.AsyncBaseTransport | None] = {
    f'all://{host}': None for host in ('localhost', '127.0.0.1', '[::1]')
}
_HEADERS = {
    *('host', 'connection', 'accept', 'accept-encoding', 'user-agent'),
    *('content-type', 'content-length', 'transfer-encoding'),
    'x-stainless-raw-response',  # the package reads it again to know what to return
}
