"""Stages and transport that a test directs, and a client of a session that uses them."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from typing import Any

from components.engine.minds.mind import Mind, Piece, Prompt, Utterance
from components.engine.protocol.audio_config import AudioFormat
from components.engine.protocol.session_config import AnyConfig, SessionConfig
from components.engine.protocol.wire import EventFields, to_text
from components.engine.session.session import Session
from components.engine.speech.speech_process import SPEECH_RATE, SpeechAbilities, SpeechError
from components.engine.stages import Stages
from components.engine.transport.transport import ResponseAudio
from tests.speech import heard

from .checked_events import check_sent
from .received import Received

ABILITIES = SpeechAbilities('ears', '', 'voice', '')


class FakeHearing:
    guessed: str | None = None

    def __init__(self, speech: 'FakeSpeech') -> None:
        self.milliseconds = 0
        self.guesses = 0
        self.resumed = 0
        self.aborted = False
        self._speech = speech

    @property
    def partial(self) -> str:
        return self._speech.partial

    def feed(self, pcm: bytes) -> None:
        self.milliseconds += len(pcm) // 32

    def guess(self) -> None:
        self.guesses += 1
        self.guessed = self._speech.guess

    def go_on(self) -> None:
        self.resumed += 1

    async def finish(self) -> str:
        self._speech.asked.set()
        await self._speech.listening.wait()
        words = self._speech.words.pop(0)
        if isinstance(words, Exception):
            raise words
        return words

    def abort(self) -> None:
        self.aborted = True


class FakeSpeech:
    """Understands the `words` in turn, and speaks every piece of text for a second, once `listening` and `speaking`.

    `guess` is what it understands in a pause.
    """

    def __init__(self) -> None:
        self.words: list[str | Exception] = []
        self.guess: str | None = None
        self.partial = ''
        self.listening = _open_gate()
        self.asked = asyncio.Event()
        self.speaking = _open_gate()
        self.spoken: list[tuple[str, str, float]] = []
        self.hearings: list[FakeHearing] = []
        self.languages: list[str | None] = []  # of the utterances
        self.expected: list[str | None] = []  # the languages to expect of what is spoken
        self.broken: SpeechError | None = None

    def hear(self, *, language: str | None = None) -> FakeHearing:
        self.languages.append(language)
        self.hearings.append(FakeHearing(self))
        return self.hearings[-1]

    async def speak(
        self, text: str, *, voice: str, speed: float = 1.0, language: str | None = None
    ) -> AsyncGenerator[bytes, None]:
        await self.speaking.wait()
        if self.broken:
            raise self.broken
        self.spoken.append((text, voice, speed))
        self.expected.append(language)
        for _ in range(10):
            yield bytes(SPEECH_RATE // 10 * 2)


class FakeMind:
    """Answers with `pieces`; from the piece `ponders_at` on it waits for `thinking`. Drafts if `quick`."""

    def __init__(self) -> None:
        self.pieces: list[Piece | Exception] = ['It is noon. ', 'Time to eat.']
        self.thinking = _open_gate()
        self.ponders_at = 0
        self.quick = True
        self.prompts: list[Prompt] = []
        self.asked: list[tuple[list[Utterance], str]] = []

    def draft(self, prompt: Prompt) -> AsyncGenerator[Piece, None] | None:
        return self.answer(prompt) if self.quick else None

    async def answer(self, prompt: Prompt) -> AsyncGenerator[Piece, None]:
        self.prompts.append(prompt)
        self.asked.append((prompt.utterances, prompt.instructions))
        for index, piece in enumerate(self.pieces):
            if index >= self.ponders_at:
                await self.thinking.wait()
            if isinstance(piece, Exception):
                raise piece
            yield piece


class FakePlayback:
    def __init__(
        self, on_started: Callable[[], None], on_stopped: Callable[[], None], is_next: Callable[['FakePlayback'], bool]
    ) -> None:
        self.started = False
        self.milliseconds = 0
        self.played_ms = 0
        self.finished = False
        self.on_started = on_started
        self.on_stopped = on_stopped
        self.is_next = is_next

    def play(self, pcm: bytes) -> bytes:
        self.milliseconds += len(pcm) // 2 * 1000 // SPEECH_RATE
        self.start()
        return b''

    def start(self) -> None:
        if self.milliseconds and not self.started and self.is_next(self):
            self.started = True
            self.on_started()

    def finish(self) -> bytes:
        self.finished = True
        return b''


class FakeTransport:
    """Passes events on, and keeps what is appended; plays sound as far as the test lets it."""

    longest_message = 262_144
    longest_event = 262_144

    def __init__(self, received: Received) -> None:
        self._received = received
        self.appended: list[tuple[bytes, AudioFormat]] = []
        self.playbacks: list[FakePlayback] = []
        self.held = False

    @property
    def audio_output(self) -> 'FakeTransport':
        return self

    def append(self, sound: bytes, format: AudioFormat) -> None:
        self.appended.append((sound, format))

    def begin(
        self, *, on_started: Callable[[], None], on_stopped: Callable[[], None], format: AudioFormat = 'audio/pcm'
    ) -> FakePlayback:
        self.playbacks.append(FakePlayback(on_started, on_stopped, lambda playback: playback is self.playbacks[0]))
        return self.playbacks[-1]

    def flush(self) -> list[ResponseAudio]:
        lost = [playback for playback in self.playbacks if playback.milliseconds]
        self.playbacks.clear()
        return [*lost]

    def hold(self, held: bool) -> None:
        self.held = held

    def play_all(self) -> None:
        """Let the listener hear all that there is."""
        while self.playbacks:
            playback = self.playbacks[0]
            playback.start()
            playback.played_ms = playback.milliseconds
            playback.on_stopped()
            del self.playbacks[0]

    def send(self, event: EventFields) -> None:
        self._received.take(to_text(event))

    async def close(self, *, expired: bool = False) -> None:
        pass


class Client(Received):
    """A client with its session: says WAV files into it, sends it events, and waits for what comes back."""

    def __init__(
        self,
        config: AnyConfig | None = None,
        abilities: SpeechAbilities = ABILITIES,
        mind: Mind | None = None,
        *,
        ahead: bool = False,
    ) -> None:
        super().__init__(whole=True)
        self.speech = FakeSpeech()
        self.mind = FakeMind()
        self.transport = FakeTransport(self)
        stages = Stages(self.speech, mind or self.mind, self.speech, abilities, speaks_ahead=ahead)
        self.session = Session(config or SessionConfig(), stages, self.transport, expires_at=3600)

    @property
    def instructions(self) -> str:
        """Those of the session at present."""
        assert isinstance(self.session.config, SessionConfig)
        return self.session.config.instructions

    def say(self, *script: str | float, words: str | Exception = 'what time is it') -> None:
        """Speak, and be understood as `words`."""
        self.speech.words.append(words)
        self.hear(*script)

    def hear(self, *script: str | float) -> None:
        pcm = heard(*script)
        for at in range(0, len(pcm), 640):
            self.session.hear(pcm[at : at + 640])

    def send(self, type: str, **fields: Any) -> None:
        """Send an event. One that the session accepts must fit the protocol's type."""
        errors = len(self.all('error'))
        event = {'type': type, **fields}
        self.session.receive(json.dumps(event))
        if len(self.all('error')) == errors:
            check_sent(event)

    def error(self) -> dict[str, Any]:
        """The newest error."""
        error: dict[str, Any] = self.all('error')[-1]['error']
        return error


def _open_gate() -> asyncio.Event:
    gate = asyncio.Event()
    gate.set()
    return gate
