"""The engine's end of a WebSocket by itself: what waits for the client, in which order, and how much of it."""

import asyncio

from components.engine.speech.speech_process import SPEECH_RATE
from components.engine.transport.event_audio import EventAudioOutput
from components.engine.transport.event_transport import EventTransport
from components.engine.transport.transport import TransportCallbacks


class Session:
    """Keeps what a peer reports, and lets it append what it receives."""

    def __init__(self, **options: int) -> None:
        self.sounds: list[bytes] = []
        self.gone = 0
        self.opened = 0
        callbacks = TransportCallbacks(opened=self.open, message=self.take, sound=self.sounds.append, gone=self.leave)
        self.transport = EventTransport(callbacks, **options)

    def open(self) -> None:
        self.opened += 1

    def take(self, message: str | bytes) -> None:
        if isinstance(message, bytes):
            self.transport.append(message, 'audio/pcm')

    def leave(self) -> None:
        self.gone += 1


async def test_events_leave_in_order_and_the_close_comes_last() -> None:
    session = Session()
    assert session.opened == 1
    waiting = asyncio.create_task(session.transport.outgoing())
    await asyncio.sleep(0)
    for number in range(3):
        session.transport.send({'number': number})
    assert [event.fields['number'] for event in (await waiting).events] == [0, 1, 2]

    session.transport.send({'text': 'a' * 100_000})
    session.transport.send({'text': 'b'})
    closing = asyncio.create_task(session.transport.close(expired=True))
    await asyncio.sleep(0)
    session.transport.send({'text': 'too late'})
    first, second = await session.transport.outgoing(), await session.transport.outgoing()
    assert (len(first.events), first.close) == (1, None)
    assert (len(second.events), second.close and second.close.code) == (1, 1001)
    await closing
    assert session.gone == 0


async def test_a_client_that_does_not_read_is_given_up() -> None:
    session = Session(most_waiting=1000)
    session.transport.send({'text': 'a' * 2000})  # a single event may have any size
    assert session.gone == 0
    session.transport.send({'text': 'a'})
    assert session.gone == 1
    outgoing = await session.transport.outgoing()
    assert (outgoing.events, outgoing.close and outgoing.close.code) == ([], 1008)


async def test_a_disconnected_client_does_not_block() -> None:
    session = Session()
    session.transport.send({'text': 'a'})
    session.transport.leave()
    assert session.gone == 1
    async with asyncio.timeout(0.5):
        await session.transport.close()


async def test_long_sound_is_heard_in_turns_with_other_calls() -> None:
    session = Session()
    receiving = asyncio.create_task(session.transport.receive(bytes(48_000)))
    await asyncio.sleep(0)
    assert len(session.sounds) == 1
    await receiving
    assert len(session.sounds) == 10
    assert 31_500 < len(b''.join(session.sounds)) <= 32_000, 'a second at 16 kHz'


def test_a_response_is_over_once_all_its_sound_was_handed_on() -> None:
    stopped: list[str] = []
    playback = EventAudioOutput().begin(on_started=lambda: None, on_stopped=lambda: stopped.append('stopped'))
    assert playback.play(bytes(SPEECH_RATE * 2))
    assert (playback.milliseconds, stopped) == (1000, [])
    playback.finish()
    playback.finish()
    assert stopped == ['stopped']
    assert playback.play(bytes(100)) == b''
