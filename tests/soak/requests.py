"""Sends the engine thousands of requests that are nearly right, and prints what they leave behind.

    python -m tests.soak.requests [--count 7500] [--seed words] [--kinds keys,calls,...]

The engine runs as a program of its own, so that nothing but its own memory is counted. Every kind of request is made
from a right one by changing fields to values of any kind (`tests.engine.fuzz`). No request may end in status 500 or in
a traceback, and memory, descriptors and threads must level off: beside the figures of each round stands what the kind
added, and at the end the program must have no more than at most so many MB above its size after the first round.
"""

import asyncio
import json
import re
import signal
import sys
from argparse import ArgumentParser
from asyncio.subprocess import PIPE, Process
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from itertools import islice
from random import Random
from typing import Any

import httpx
from aiortc import RTCPeerConnection
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from tests.engine.fuzz import Fuzz

from .figures import Figures

ROUND = 500
MOST_GROWTH = 64
"""MB by which the program may grow after the first round of each kind: keys and Python's own allocator take some."""

QUERIES = ('model=m', 'model=m', 'model=' + 'm' * 300, 'intent=transcription', 'call_id=x', '')
KINDS = ('application/json', 'application/sdp', 'multipart/form-data; boundary=x', 'x' * 2_000)
KEY = {'Authorization': 'Bearer sk-anything'}


class Requests:
    """Makes requests of each kind, the same ones for the same seed, and counts the answers by status."""

    def __init__(self, client: httpx.AsyncClient, url: str, offer: str, seed: str) -> None:
        self.statuses: Counter[str] = Counter()
        self._client = client
        self._url = url
        self._offer = offer
        self._random = Random(seed)
        self._fuzz = Fuzz(seed, longest=200_000)
        self._keys = ['ek_none']
        self.kinds: dict[str, Callable[[], Awaitable[None]]] = {
            'keys': self._key,
            'long_keys': self._long_key,
            'calls': self._call,
            'sockets': self._socket,
            'others': self._other,
        }

    async def _key(self) -> None:
        body: dict[str, Any] = {'session': self._fuzz.session(), 'expires_after': {'seconds': 7200}}
        answer = await self._post('realtime/client_secrets', content=self._text(body, self._random.randint(0, 2)))
        if answer.status_code == 200:
            self._keys = [*self._keys[-20:], answer.json()['value']]

    async def _long_key(self) -> None:
        body = {'session': {'type': 'realtime', 'instructions': 'x' * self._random.randrange(200_000)}}
        await self._post('realtime/client_secrets', content=json.dumps({**body, 'expires_after': {'seconds': 7200}}))

    async def _call(self) -> None:
        offer = self._offer
        for _ in range(self._random.randint(0, 4)):
            lines = offer.splitlines(keepends=True)
            at = self._random.randrange(len(lines))
            lines[at] = self._random.choice(('', 'a=x\r\n', lines[at][: len(lines[at]) // 2], lines[at] * 2))
            offer = ''.join(lines)
        session = self._text({'session': self._fuzz.session()}, self._random.randint(0, 2))
        parts = {'sdp': (None, offer), 'session': (None, json.dumps(json.loads(session).get('session')))}
        keys = {'Authorization': f'Bearer {self._random.choice((self._keys[-1], "sk-anything"))}'}
        answer = await self._post('realtime/calls', files=parts, headers=keys)
        if location := answer.headers.get('location'):
            await self._post(f'realtime/calls/{location.rpartition("/")[2]}/hangup')

    async def _socket(self) -> None:
        query = self._random.choice(
            ('model=m', 'model=m', 'model=' + 'm' * 300, 'intent=transcription', 'call_id=x', '')
        )
        address = f'{self._url.replace("http", "ws")}/realtime?{query}'
        try:
            async with connect(address, additional_headers=KEY, max_size=None, open_timeout=30) as socket:
                reading = asyncio.ensure_future(_drain(socket))  # until the socket is closed
                for message in islice(self._fuzz.messages(20), 20):
                    await socket.send(message.data)
            await reading
            self.statuses['socket'] += 1
        except WebSocketException as refused:
            self.statuses[str(refused)[-20:]] += 1

    async def _other(self) -> None:
        path = self._random.choice(('models', 'realtime', 'realtime/calls/rtc_x/hangup', 'x' * 3000, 'realtime/calls'))
        method = self._random.choice(('GET', 'POST', 'OPTIONS', 'PUT', 'DELETE'))
        content = self._random.randbytes(self._random.randrange(5_000))
        kind = self._random.choice(
            ('application/json', 'application/sdp', 'multipart/form-data; boundary=x', 'x' * 2000)
        )
        answer = await self._client.request(
            method, f'{self._url}/{path}', content=content, headers={**KEY, 'Content-Type': kind}
        )
        self.statuses[str(answer.status_code)] += 1

    async def _post(self, path: str, **request: Any) -> httpx.Response:
        headers = {**KEY, **request.pop('headers', {})}
        if 'content' in request:
            headers['Content-Type'] = 'application/json'
        answer = await self._client.post(f'{self._url}/{path}', headers=headers, **request)
        self.statuses[str(answer.status_code)] += 1
        return answer

    def _text(self, body: dict[str, Any], changes: int) -> str:
        return json.dumps(self._fuzz.changed(body, changes))


async def main() -> None:
    """Run the soak, and exit with 1 if it finds anything."""
    parser = ArgumentParser(description=__doc__.partition('\n')[0])
    parser.add_argument('--count', type=int, default=7_500, help='how many requests in all')
    parser.add_argument('--seed', default='engine')
    parser.add_argument('--kinds', default='', help='only these, separated by commas')
    options = parser.parse_args()
    engine = await asyncio.create_subprocess_exec(
        sys.executable, '-m', 'components.engine', '--port', '0', stdout=PIPE, stderr=PIPE
    )
    assert engine.stdout
    try:
        url = re.findall(r'http://[\d.:]+/v1', (await engine.stdout.readline()).decode())[0]
        wrong = await soak(engine, url, options.count, options.seed, options.kinds)
    finally:
        with suppress(ProcessLookupError):
            engine.send_signal(signal.SIGINT)
    _, problems = await engine.communicate()
    print(problems.decode()[:5_000] or 'It ended without a word in its log.')
    sys.exit(bool(wrong or problems))


async def soak(engine: Process, url: str, count: int, seed: str, only: str) -> bool:
    """Send all requests, kind by kind. Returns whether something is wrong."""
    wrong = False
    async with httpx.AsyncClient(timeout=60) as client:
        requests = Requests(client, url, await an_offer(), seed)
        kinds = only.split(',') if only else list(requests.kinds)
        print('before the first request   ', Figures.of(engine.pid))
        for kind in kinds:
            first: Figures | None = None
            for number in range(0, max(ROUND, count // len(kinds)), ROUND):
                for _ in range(ROUND):
                    await requests.kinds[kind]()
                figures = Figures.of(engine.pid)
                first = first or figures
                print(f'{kind:10} {number + ROUND:6} requests', figures, dict(requests.statuses.most_common(6)))
            wrong |= bool(first and figures.memory - first.memory > MOST_GROWTH)
            wrong |= '500' in requests.statuses
            requests.statuses.clear()
    return wrong


async def an_offer() -> str:
    """A right offer of a peer that nobody will reach."""
    peer = RTCPeerConnection()
    peer.addTransceiver('audio')
    peer.createDataChannel('oai-events')
    await peer.setLocalDescription(await peer.createOffer())
    offer = peer.localDescription.sdp
    await peer.close()
    return offer


async def _drain(socket: Any) -> None:
    with suppress(WebSocketException):
        async for _ in socket:
            pass


if __name__ == '__main__':
    asyncio.run(main())
