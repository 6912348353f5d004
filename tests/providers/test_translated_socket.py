"""A service of an older dialect, at the other end of a WebSocket that speaks today's."""

import json
from dataclasses import dataclass, field

from components.providers.connection.translated_socket import translated


@dataclass
class Line:
    """A WebSocket whose other end is the test."""

    said: list[str]  # by the service
    sent: list[str] = field(default_factory=list)
    closed: bool = False

    async def send(self, text: str) -> None:
        self.sent.append(text)

    async def receive(self) -> str:
        return self.said.pop(0)

    async def close(self) -> None:
        self.closed = True


ITEM = {'id': 'item_1', 'type': 'message', 'role': 'user', 'status': 'completed', 'content': []}


async def test_one_message_may_be_two_and_they_come_in_order() -> None:
    created = {'type': 'conversation.item.created', 'event_id': 'event_1', 'previous_item_id': None, 'item': ITEM}
    delta = {'type': 'response.audio.delta', 'event_id': 'event_2', 'delta': 'AAAA'}
    socket = translated(Line([json.dumps(created), json.dumps(delta)]), 'beta')
    sent = [json.loads(await socket.receive()) for _ in range(3)]
    assert [event['type'] for event in sent] == [
        'conversation.item.added',
        'conversation.item.done',
        'response.output_audio.delta',
    ]


async def test_sent_events_are_translated() -> None:
    line = Line([])
    update = {'type': 'session.update', 'session': {'type': 'realtime', 'audio': {'output': {'voice': 'marin'}}}}
    await translated(line, 'beta').send(json.dumps(update))
    assert [json.loads(text) for text in line.sent] == [{'type': 'session.update', 'session': {'voice': 'marin'}}]


async def test_malformed_events_pass_unchanged() -> None:
    line = Line(['{"type"', '[1]', '[' * 100_000])
    socket = translated(line, 'beta')
    assert [await socket.receive() for _ in range(3)] == ['{"type"', '[1]', '[' * 100_000]
    await socket.send('hello')
    assert line.sent == ['hello']
    await socket.close()
    assert line.closed


async def test_the_current_dialect_needs_no_translation() -> None:
    line = Line([])
    assert translated(line, 'ga') is line
