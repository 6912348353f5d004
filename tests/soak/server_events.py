"""Sends the page thousands of server events, many of them wrong, by both transports, and prints what they break.

    python -m tests.soak.server_events [--count 2000] [--seed words] [--transport webrtc|relay]

The events are made from the types of the `openai` package; half of them then get fields of any kind
(`tests.engine.fuzz`). By WebRTC they arrive at the page itself, by the relay at Python first. The page must report no
error, Python must print no traceback, and at the end a right event must still become a turn.
"""

import asyncio
import json
import sys
import tempfile
import typing
from argparse import ArgumentParser
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from typing import Any, get_args, get_origin

from openai.types.realtime import RealtimeServerEvent
from playwright.async_api import Browser, expect
from pydantic import BaseModel
from websockets.asyncio.server import ServerConnection, serve

from tests.chromium import Chromium
from tests.e2e.witness import WITNESS, WitnessedPage
from tests.engine.fuzz import Event, Fuzz
from tests.parley import Parley

BATCH = 20
MOST_LAG = 1.0  # seconds in which the page must answer, with a batch before it


class ServerEvents:
    """Makes events from their types, the same ones for the same seed. Items and responses come back under their ids."""

    def __init__(self, seed: str) -> None:
        self._random = Random(seed)
        self._fuzz = Fuzz(seed, longest=0)
        self._types: list[type[BaseModel]] = [*get_args(get_args(RealtimeServerEvent)[0])]

    def next(self) -> Event:
        """Return an event, half of the time with one to three wrong fields."""
        event: Event = self._object(self._random.choice(self._types))
        return self._fuzz.changed(event, self._random.randint(1, 3)) if self._random.random() < 0.5 else event

    def _object(self, model: type[BaseModel]) -> Event:
        fields = model.model_fields.items()
        return {
            field.alias or name: self._value(field.annotation, name)
            for name, field in fields
            if field.is_required() or self._random.random() < 0.5
        }

    def _value(self, annotation: Any, name: str) -> Any:
        random, origin, arguments = self._random, get_origin(annotation), get_args(annotation)
        if origin is typing.Literal:
            return random.choice(arguments)
        if origin is typing.Annotated:
            return self._value(arguments[0], name)
        if origin is list:
            return [self._value(arguments[0], name) for _ in range(random.randrange(3))]
        if origin is dict or annotation in (object, Any):
            return {}
        if origin is not None:  # a union
            return self._value(random.choice(arguments), name)
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            return self._object(annotation)
        if annotation is type(None):
            return None
        if annotation is bool:
            return random.random() < 0.5
        if annotation in (int, float):
            return random.choice((0, 0, 1, 20, 4000))
        if name.endswith('id') or name == 'item_ids':
            return f'{name}_{random.randrange(30)}'
        return random.choice(('Well, ', 'there it is. ', '', '🙂', '**bold** <b>', 'x' * 2_000))


class FuzzingService:
    """A voice service, reached by WebSocket, that sends what it is told to. Python's relay is its client."""

    def __init__(self) -> None:
        self.sockets: list[ServerConnection] = []
        self.port = 0

    @asynccontextmanager
    async def running(self) -> AsyncIterator['FuzzingService']:
        async with serve(self._converse, '127.0.0.1', 0) as server:
            self.port = next(iter(server.sockets)).getsockname()[1]
            yield self

    async def _converse(self, socket: ServerConnection) -> None:
        await socket.send(json.dumps({'type': 'session.created', 'event_id': 'event_0', 'session': SESSION}))
        self.sockets.append(socket)
        async for message in socket:
            if isinstance(message, str) and (event := json.loads(message))['type'] == 'session.update':
                session = {**SESSION, **event['session']}
                await socket.send(json.dumps({'type': 'session.updated', 'event_id': 'event_1', 'session': session}))

    async def send(self, text: str) -> None:
        """Send a message to the newest client."""
        await self.sockets[-1].send(text)


class Soak:
    """Sends events to one page in a call, and notes what went wrong."""

    def __init__(self, page: WitnessedPage, service: FuzzingService | None) -> None:
        self.page = page
        self.service = service
        self.problems: list[str] = []
        self.calls = 1
        self.lags: list[float] = []
        page.page.on('pageerror', lambda error: self.problems.append(str(error)[:500]))

    async def send(self, events: list[Event]) -> None:
        """Let events arrive in the call, which is placed again if one of them ended it."""
        if await self.page.state() not in ('live', 'recovering'):
            self.calls += 1
            await self.page.call()
        texts = [json.dumps(event) for event in events]
        if self.service:
            for text in texts:
                await self.service.send(text)
        else:
            await self.page.page.evaluate(DELIVER, texts)
        lag = await self.page.page.evaluate(LAG) / 1000
        self.lags.append(lag)
        if lag > MOST_LAG:
            self.problems.append(f'The page did not answer for {lag:.1f} s.')

    async def finish(self) -> None:
        """Let a right answer arrive, and look whether it is shown."""
        item: Event = {'id': 'item_last', 'type': 'message', 'role': 'assistant', 'status': 'completed'}
        item['content'] = [{'type': 'output_text', 'text': 'This is the end.'}]
        await self.send([{'type': f'conversation.item.{end}', 'item': item} for end in ('added', 'done')])
        turn = self.page.page.get_by_test_id('turn').filter(has_text='This is the end.')
        try:
            await expect(turn).to_be_attached(timeout=60_000)
        except AssertionError:
            self.problems.append('The right answer at the end was not shown.')


async def soak(browser: Browser, transport: str, count: int, seed: str) -> list[str]:
    """Send so many events by one transport. Returns the problems."""
    with tempfile.TemporaryDirectory() as folder:
        async with FuzzingService().running() as service:
            key = {'OPENAI_API_KEY': 'sk-anything', 'OPENAI_BASE_URL': f'http://127.0.0.1:{service.port}/v1'}
            parley = Parley(Path(folder), key if transport == 'relay' else None)
            await parley.start()
            context = await browser.new_context(permissions=['microphone'])
            page = WitnessedPage(await context.new_page(), parley.url)
            await page.page.add_init_script(WITNESS)
            await page.open()
            await page.choose_transport('relay' if transport == 'relay' else 'webrtc')
            await page.call()
            run, events = Soak(page, service if transport == 'relay' else None), ServerEvents(seed)
            kinds: Counter[str] = Counter()
            for number in range(0, count, BATCH):
                batch = [events.next() for _ in range(BATCH)]
                kinds.update(str(event.get('type')) for event in batch)
                await run.send(batch)
                if number % 500 == 0:
                    print(f'{transport}: {number + BATCH} events, {run.calls} calls', flush=True)
            await run.finish()
            lags = sorted(run.lags)
            print(f'{transport}: {sum(kinds.values())} events of {len(kinds)} types, {run.calls} calls')
            print(f'the page answered after {lags[len(lags) // 2] * 1000:.0f} ms, {lags[-1] * 1000:.0f} ms at most')
            await context.close()
            await parley.stop()
            if 'Traceback' in parley.output:
                run.problems.append(parley.output[-4_000:])
    return run.problems


async def main() -> None:
    """Run the soak, and exit with 1 if it finds anything."""
    parser = ArgumentParser(description=__doc__.partition('\n')[0])
    parser.add_argument('--count', type=int, default=2_000, help='how many events by each transport')
    parser.add_argument('--seed', default='server events')
    parser.add_argument('--transport', choices=('webrtc', 'relay'))
    options = parser.parse_args()
    problems: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        async with Chromium.found(Path(folder)) as chromium:
            for transport in [options.transport] if options.transport else ['webrtc', 'relay']:
                problems += await soak(await chromium.silent(), transport, options.count, options.seed)
    for problem, times in Counter(problems).most_common():
        print(f'{times} times: {problem}')
    sys.exit(bool(problems))


SESSION = {'type': 'realtime', 'id': 'sess_1', 'object': 'realtime.session', 'model': 'gpt-realtime'}
DELIVER = """(texts) => {
    for (const data of texts) witness.line.dispatchEvent(new MessageEvent("message", { data }));
}"""
LAG = """async () => {
    const begin = performance.now();
    await new Promise((resolve) => setTimeout(resolve));
    return performance.now() - begin;
}"""

if __name__ == '__main__':
    asyncio.run(main())
