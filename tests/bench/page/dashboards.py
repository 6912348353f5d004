"""How many pages with a live call one program serves, and how soon their words are on the way back.

    python -m tests.bench.page.dashboards [--pages 24 48 96 150] [--rate 50] [--seconds 24] [--every 100] [--bare]

Each page is a socket client that behaves like a browser with a live call: it loads the page, connects, and reports the
events of a conversation in the batches of `call/page/outbox.js`. A question of 40 words is recognised, an answer of 400
follows, which is two minutes of speech, and then the next question. At 50 words a second that is an exchange in nine
seconds, without a pause; people take ten times as long. Each page is at another place of its exchange than the others.

A word counts from when the browser would have had it until Python's message with it has come, so without the time in
which a browser draws it. The clients are in a process of their own, on the same machine: with few cores they take from
what they measure, and the last columns tell how much.

With `--every`, all pages report after so many milliseconds, however often Python wants it. With `--bare`, the program
is not Parley but a NiceGUI page of two elements without children, which answers each batch with a message of the same
size: that is what a batch costs without Parley.
"""

import asyncio
import html
import json
import os
import re
import statistics
import tempfile
import time
from argparse import ArgumentParser
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import uvloop
from websockets import ClientConnection, connect

from tests.bench.figures import percentile
from tests.bench.page.spoken_exchanges import EXCHANGE, joined, reports, word_events
from tests.bench.processes import processor_seconds
from tests.parley import Parley

BATCH = 0.016  # seconds between two messages of one page at first, as BATCH_MS of call/page/reports.js
SETTLING = 2.0  # seconds after the last call is live, and after the last one talks: what happens once is not counted
RAMP = 3.0  # seconds in which all begin to talk
ACKNOWLEDGING = 3.0  # seconds after which NiceGUI's page says which messages it has

BARE = """
import sys
from nicegui import ui

@ui.page('/new')
def page():
    chat, call = ui.element('nicegui-chat'), ui.element('nicegui-voice_call')
    version = 0

    def receive(e):
        nonlocal version
        version += 1
        for report in e.args['reports']:
            event = report.get('event', {})
            if words := event.get('delta'):
                chat.run_method('apply', {'rows': {event['item_id']: {'more': words}}, 'version': version})

    chat.on('ready', lambda: None, [])
    call.on('reports', receive)

port = int(sys.argv[sys.argv.index('--port') + 1])
ui.run(port=port, title='Bare', show=False, reload=False, show_welcome_message=False, ws_per_message_deflate=False)
"""

# Engine.IO 4 and Socket.IO 5 put these before each message; a client library would cost more than all else.
PING, PONG, CONNECT, EVENT = '2', '3', '40', '42'


async def main() -> None:
    parser = ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--pages', type=int, nargs='+', default=[24, 48, 96, 150])
    parser.add_argument('--rate', type=float, default=50, help='words per second and page')
    parser.add_argument('--seconds', type=float, default=24)
    parser.add_argument('--every', type=float, metavar='MS', help='milliseconds between two messages of a page')
    parser.add_argument('--bare', action='store_true', help='measure NiceGUI without Parley')
    options = parser.parse_args()

    print('pages  p50 ms  p95 ms  processor  ms a batch  batches/s  kB/s to a page  clients  load')
    for pages in options.pages:
        with tempfile.TemporaryDirectory() as folder:
            (bare := Path(folder, 'bare.py')).write_text(BARE)
            program = Parley(Path(folder), script=str(bare)) if options.bare else Parley(Path(folder))
            await program.start()
            try:
                print(await measure(program, pages, options.rate, options.seconds, options.every), flush=True)
            finally:
                await program.kill()


async def measure(parley: Parley, pages: int, rate: float, seconds: float, every: float | None = None) -> str:
    """Let so many pages talk, and return a row of the table."""
    first_words = (EXCHANGE * place // pages for place in range(pages))
    dashboards = [Dashboard(parley.url, first, every and every / 1000) for first in first_words]
    try:
        for dashboard in dashboards:
            await dashboard.open()
        await asyncio.sleep(SETTLING)
        began = asyncio.get_running_loop().time() + RAMP + SETTLING
        talking = [
            asyncio.create_task(each.talk(rate, began + seconds, wait=RAMP * place / pages))
            for place, each in enumerate(dashboards)
        ]
        await asyncio.sleep(RAMP + SETTLING)
        for dashboard in dashboards:
            dashboard.received = dashboard.batches = 0
            dashboard.delays.clear()
        before, own = processor_seconds(parley), time.process_time()
        await asyncio.gather(*talking)
        took, after = asyncio.get_running_loop().time() - began, processor_seconds(parley)
        clients = (time.process_time() - own) / took
    finally:
        await asyncio.gather(*(each.close() for each in dashboards))
    delays = sorted(1000 * delay for each in dashboards for delay in each.delays)
    processor = (after - before) / took
    sent = sum(each.received for each in dashboards) / pages / took / 1000
    batches = sum(each.batches for each in dashboards)
    return (
        f'{pages:5}  {statistics.median(delays):6.0f}  {percentile(delays, 95):6.0f}  {processor:9.0%}'
        f'  {1000 * (after - before) / batches:10.3f}  {batches / took:9.0f}  {sent:14.1f}  {clients:7.0%}'
        f'  {os.getloadavg()[0]:4.1f}'
    )


@dataclass
class Dashboard:
    """A page with a live call, as the program sees it."""

    url: str
    first: int  # number of its first word
    every: float | None = None  # seconds between two messages; None leaves that to Python
    batches: int = 0
    delays: list[float] = field(default_factory=list)  # seconds
    received: int = 0  # bytes of the messages with words

    async def open(self) -> None:
        """Load the page, connect, and report that a call is live."""
        self._born: dict[int, float] = {}  # when each word came that has not been seen
        self._all_seen = asyncio.Event()
        self._words = count(self.first)
        self._sent = 0  # reports
        self._batch = self.every or BATCH
        self._got = self._acknowledged = 0  # messages of NiceGUI's
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
        self._acknowledging = asyncio.create_task(self._acknowledge())
        await self._emit('ready', 0)
        states = ('preparing', 'connecting', 'live')
        await self._report(*({'kind': 'state', 'state': state, 'at': 0} for state in states))

    async def talk(self, rate: float, until: float, *, wait: float) -> None:
        """Report so many words a second until this time of the loop, and wait until all have come back."""
        loop = asyncio.get_running_loop()
        await asyncio.sleep(wait)
        began = loop.time()
        while (now := loop.time()) < until:
            due = self.first + int((now - began) * rate) + 1
            batch: list[dict[str, Any]] = []
            while (word := next(self._words)) < due:
                born = began + (word - self.first) / rate
                self._born[word] = born
                self._all_seen.clear()
                batch = joined(batch, reports(word_events(word, self.first), 1000 * born))
            self._words = count(word)
            if batch:
                self.batches += 1
                await self._report(*batch)
            await asyncio.sleep(max(now + self._batch, began + (word - self.first) / rate) - loop.time())
        seen = asyncio.create_task(self._all_seen.wait())
        await asyncio.wait((seen, self._reading), return_when=asyncio.FIRST_COMPLETED)
        assert seen.done(), 'the program has closed the connection of a page'

    async def close(self) -> None:
        """Disconnect."""
        self._reading.cancel()
        self._acknowledging.cancel()
        await self._socket.close()

    async def _read(self) -> None:
        async for message in self._socket:
            if message == PING:
                await self._socket.send(PONG)
            else:
                self._receive(str(message))

    def _receive(self, message: str) -> None:
        now = asyncio.get_running_loop().time()
        if message.startswith(EVENT) and (id := re.search(r'"_id":(\d+)', message)):
            self._got = int(id[1]) + 1
        if self.every is None and (confirmed := re.search(r'confirm.*?\[\d+, ?(\d+)\]', message)):
            self._batch = int(confirmed[1]) / 1000
        if words := re.findall(r'\bw(\d+)\.', message):
            self.received += len(message)
            self.delays += [now - born for word in words if (born := self._born.pop(int(word), None)) is not None]
            if not self._born:
                self._all_seen.set()

    async def _acknowledge(self) -> None:
        while True:
            await asyncio.sleep(ACKNOWLEDGING)
            if self._got > self._acknowledged:
                self._acknowledged = self._got
                await self._send('ack', {'client_id': self._client_id, 'next_message_id': self._got})

    async def _report(self, *reports: dict[str, Any]) -> None:
        await self._emit('reports', {'first': self._sent, 'reports': reports})
        self._sent += len(reports)

    async def _emit(self, name: str, value: object) -> None:
        element, listener = self._listeners[name]
        event = {'id': element, 'client_id': self._client_id, 'listener_id': listener, 'args': [json.dumps(value)]}
        await self._send('event', event)

    async def _send(self, name: str, value: dict[str, Any]) -> None:
        await self._socket.send(EVENT + json.dumps([name, value]))


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
