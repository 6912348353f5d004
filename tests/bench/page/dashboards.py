"""How many pages with a live call one program serves, and how soon their words are on the way back.

    python -m tests.bench.page.dashboards [--pages 24 48 96 150] [--rate 50] [--seconds 8]

Each page is a socket client that behaves like a browser with a live call: it loads the page, connects, and reports the
deltas of an answer in the batches of `call/page/outbox.js`. A word counts from when the browser would have had it until
Python's message with it has come, so without the time in which a browser draws it. The clients are in a process of
their own, on the same machine: with few cores they take from what they measure.
"""

import asyncio
import html
import json
import os
import re
import statistics
import tempfile
from argparse import ArgumentParser
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import uvloop
from websockets import ClientConnection, connect

from tests.bench.processes import processor_seconds
from tests.parley import Parley

BATCH = 0.05  # seconds between two messages of one page at first, as BATCH_MS of call/page/reports.js
WORDS = 200  # of an answer; then the next one begins

# Engine.IO 4 and Socket.IO 5 put these before each message; a client library would cost more than all else.
PING, PONG, CONNECT, EVENT = '2', '3', '40', '42'


async def main() -> None:
    parser = ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--pages', type=int, nargs='+', default=[24, 48, 96, 150])
    parser.add_argument('--rate', type=float, default=50, help='words per second and page')
    parser.add_argument('--seconds', type=float, default=8)
    options = parser.parse_args()

    print('pages    p50 ms    p95 ms    processor    kB/s to a page    load')
    for pages in options.pages:
        with tempfile.TemporaryDirectory() as folder:
            parley = Parley(Path(folder))
            await parley.start()
            try:
                print(await measure(parley, pages, options.rate, options.seconds), flush=True)
            finally:
                await parley.kill()


async def measure(parley: Parley, pages: int, rate: float, seconds: float) -> str:
    """Let so many pages talk, and return a row of the table."""
    dashboards = [Dashboard(parley.url) for _ in range(pages)]
    try:
        for dashboard in dashboards:
            await dashboard.open()
        for dashboard in dashboards:
            dashboard.received = 0
        before, began = processor_seconds(parley), asyncio.get_running_loop().time()
        await asyncio.gather(
            *(each.talk(rate, seconds, wait=BATCH * place / pages) for place, each in enumerate(dashboards))
        )
        took, after = asyncio.get_running_loop().time() - began, processor_seconds(parley)
    finally:
        await asyncio.gather(*(each.close() for each in dashboards))
    delays = sorted(1000 * delay for each in dashboards for delay in each.delays)
    processor = (after - before) / took
    sent = sum(each.received for each in dashboards) / pages / took / 1000
    p95 = delays[round(0.95 * (len(delays) - 1))]
    return (
        f'{pages:5}    {statistics.median(delays):6.0f}    {p95:6.0f}    {processor:9.0%}    {sent:14.1f}'
        f'    {os.getloadavg()[0]:4.1f}'
    )


@dataclass
class Dashboard:
    """A page with a live call, as the program sees it."""

    url: str
    delays: list[float] = field(default_factory=list)  # seconds
    received: int = 0  # bytes of the messages with words

    async def open(self) -> None:
        """Load the page, connect, and report that a call is live."""
        self._born: dict[int, float] = {}  # when each word came that has not been seen
        self._all_seen = asyncio.Event()
        self._words = count()
        self._sent = 0  # reports
        self._batch = BATCH
        async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
            page = (await client.get(f'{self.url}new')).raise_for_status().text
        query = dict(re.findall(r"'(\w+)': '?([\w-]+)'?", _found(r'query: (\{[^}]*\})', page)))
        self._client_id = query['client_id']
        self._listeners = _listeners(_found(r'parseElements\(String\.raw`(.*?)`\)', page))
        query |= {'implicit_handshake': 'true', 'document_id': self._client_id, 'tab_id': self._client_id}
        parameters = '&'.join(f'{name}={value}' for name, value in query.items())
        address = f'{self.url.replace("http", "ws")}_nicegui_ws/socket.io/?EIO=4&transport=websocket&{parameters}'
        self._socket: ClientConnection = await connect(address, compression=None, max_size=None)
        await self._socket.send(CONNECT)
        self._reading = asyncio.create_task(self._read())
        await self._emit('ready', 0)
        states = ('preparing', 'connecting', 'live')
        await self._report(*({'kind': 'state', 'state': state, 'at': 0} for state in states))

    async def talk(self, rate: float, seconds: float, *, wait: float) -> None:
        """Report so many words a second, and wait until all have come back."""
        loop = asyncio.get_running_loop()
        await asyncio.sleep(wait)
        began = loop.time()
        while (now := loop.time()) < began + seconds:
            due = int((now - began) * rate)
            reports: list[dict[str, Any]] = []
            while (word := next(self._words)) < due:
                self._born[word] = began + word / rate
                self._all_seen.clear()
                reports = _joined(reports, _word(word))
            self._words = count(word)
            if reports:
                await self._report(*reports)
            await asyncio.sleep(max(0, now + self._batch - loop.time()))
        async with asyncio.timeout(60):
            await self._all_seen.wait()

    async def close(self) -> None:
        """Disconnect."""
        self._reading.cancel()
        await self._socket.close()

    async def _read(self) -> None:
        async for message in self._socket:
            if message == PING:
                await self._socket.send(PONG)
            else:
                self._receive(str(message))

    def _receive(self, message: str) -> None:
        now = asyncio.get_running_loop().time()
        if confirmed := re.search(r'confirm.*?\[\d+, ?(\d+)\]', message):
            self._batch = int(confirmed[1]) / 1000
        if words := re.findall(r'\bw(\d+)\.', message):
            self.received += len(message)
            self.delays += [now - born for word in words if (born := self._born.pop(int(word), None)) is not None]
            if not self._born:
                self._all_seen.set()

    async def _report(self, *reports: dict[str, Any]) -> None:
        await self._emit('reports', {'first': self._sent, 'reports': reports})
        self._sent += len(reports)

    async def _emit(self, name: str, value: object) -> None:
        element, listener = self._listeners[name]
        event = {'id': element, 'client_id': self._client_id, 'listener_id': listener, 'args': [json.dumps(value)]}
        await self._socket.send(EVENT + json.dumps(['event', event]))


def _word(number: int) -> list[dict[str, Any]]:
    """The reports that add a word to the chat."""
    answer = number // WORDS
    response, item = f'resp_{answer}', f'item_{answer}'
    ids = {'response_id': response, 'item_id': item, 'output_index': 0, 'content_index': 0}
    events: list[dict[str, Any]] = []
    if number % WORDS == 0:
        message = {'id': item, 'type': 'message', 'role': 'assistant', 'status': 'in_progress', 'content': []}
        events += [
            {'type': 'response.created', 'response': {'id': response, 'conversation_id': 'conv'}},
            {'type': 'response.output_item.added', 'response_id': response, 'output_index': 0, 'item': message},
            {'type': 'conversation.item.added', 'previous_item_id': None, 'item': message},
        ]
    events.append({'type': 'response.output_audio_transcript.delta', 'delta': f'w{number}. ', **ids})
    return [{'kind': 'event', 'at': 0, 'direction': 'received', 'event': event} for event in events]


def _joined(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Join the words of reports as call/page/reports.js does."""
    if not before or len(after) > 1:
        return before + after
    former, latter = before[-1]['event'], after[0]['event']
    joined = {**latter, 'delta': former['delta'] + latter['delta']}
    return [*before[:-1], {**after[0], 'event': joined}]


def _listeners(elements: str) -> dict[str, tuple[int, str]]:
    """By event: the element that listens to it, and the id of the listener."""
    return {
        event['type']: (int(id), event['listener_id'])
        for id, element in json.loads(html.unescape(elements)).items()
        if element['tag'] in {'nicegui-chat', 'nicegui-voice_call'}
        for event in element.get('events', [])
    }


def _found(pattern: str, text: str) -> str:
    found = re.search(pattern, text, re.DOTALL)
    assert found, f'{pattern} is not in the page'
    return found[1]


if __name__ == '__main__':
    uvloop.run(main())
