"""What a session needs from the outside: ears, mind and voice to think with, and a transport to talk through."""

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from components.engine.minds.mind import Mind
from components.engine.protocol.audio_config import AudioFormat
from components.engine.protocol.wire import Json, JsonObject
from components.engine.speech.speech_process import SpeechAbilities

if TYPE_CHECKING:
    from components.engine.faults.faults import Faults  # which is about calls, which have stages


class Hearing(Protocol):
    """One utterance on its way to words."""

    def feed(self, pcm: bytes) -> None:
        """Hear more: mono s16 at `HEARING_RATE`."""

    def guess(self) -> None:
        """Ask for the words up to this pause, which will be `guessed`. More sound counts as silence, until `go_on`."""

    def go_on(self) -> None:
        """The pause was not the end, nor silent to its end."""

    @property
    def guessed(self) -> str | None:
        """The words of the last guess; None while there are none, or where nobody can tell before the end."""

    async def finish(self) -> str:
        """The words, once the utterance is over; '' when nothing was understood. Raises SpeechError."""
        ...

    def abort(self) -> None:
        """Give the utterance up. Does nothing once it is finished."""


class Recogniser(Protocol):
    """Understands speech: `SpeechProcess`, or `ServerEars`."""

    def hear(self, caller: str, *, language: str | None = None) -> Hearing:
        """Begin an utterance of that caller, in this language if it is known (such as 'en' or 'pt-BR')."""

    def forget(self, caller: str) -> None:
        """The caller has gone."""


class Synthesiser(Protocol):
    """Speaks: `SpeechProcess`, or `ServerVoice`."""

    def speak(self, text: str, *, voice: str, speed: float = 1.0) -> AsyncGenerator[bytes, None]:
        """Say plain text: mono s16 at `SPEECH_RATE`, in pieces as they are made; closing it ends the work. Raises
        SpeechError.
        """
        ...


@dataclass(frozen=True)
class Stages:
    """The three stages of the engine, what they can do, and what is to go wrong with them."""

    ears: Recogniser
    mind: Mind
    voice: Synthesiser
    abilities: SpeechAbilities
    faults: 'Faults | None' = None


class Playback(Protocol):
    """The sound of one response on its way to the listener. Sound is mono s16 at `SPEECH_RATE`."""

    @property
    def started(self) -> bool:
        """Whether the listener is known to hear it, or to have heard it."""

    @property
    def milliseconds(self) -> int:
        """What was handed over."""

    @property
    def played_ms(self) -> int:
        """What has really been sent to the listener."""

    def play(self, pcm: bytes) -> bytes:
        """Take the next sound. Gives what the client is to get as an event: nothing where sound has its own track."""

    def finish(self) -> bytes:
        """No more sound follows, but what this gives, as `play`."""


class Speaker(Protocol):
    """Plays responses one after the other."""

    def begin(
        self, *, on_started: Callable[[], None], on_stopped: Callable[[], None], format: AudioFormat = 'audio/pcm'
    ) -> Playback:
        """A new response. `on_started` comes with its first sound, `on_stopped` when all of it has been played.

        `format` is that of sound that travels as events.
        """

    def flush(self) -> list[Playback]:
        """Fall silent. Gives the playbacks that lost sound, in order; they report nothing any more."""

    def hold(self, held: bool) -> None:
        """Fall silent for as long as it is `held`, and lose nothing."""


class Transport(Protocol):
    """How a session reaches its client."""

    @property
    def speaker(self) -> Speaker: ...

    @property
    def longest_message(self) -> int:
        """How long a message of the client may be, in bytes."""

    @property
    def longest_event(self) -> int:
        """How long an event for the client may be, in bytes."""

    def append(self, sound: bytes, format: AudioFormat) -> None:
        """Hear what the client sent as an event. Raises `RealtimeError` where sound has a track of its own."""

    def send(self, event: JsonObject) -> None:
        """Deliver an event, in order, now or when the client can be reached."""


@dataclass(frozen=True)
class Listener:
    """What a transport reports. `sound` is mono s16 at `HEARING_RATE`."""

    opened: Callable[[], None]
    message: Callable[[str | bytes], None]
    sound: Callable[[bytes], None]
    gone: Callable[[], None]


class Emit(Protocol):
    """Sends a server event of this type, with a fresh `event_id`."""

    def __call__(self, type: str, /, **fields: Json) -> None: ...
