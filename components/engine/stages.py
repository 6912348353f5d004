"""The interfaces of an engine's stages: ears (speech recognition), mind (answers) and voice (speech synthesis)."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Protocol

from components.engine.minds.mind import Mind
from components.engine.speech.speech_process import SpeechAbilities
from components.engine.turnstile import Turnstile


class Recognition(Protocol):
    """The recognition of one utterance, while it is spoken and after."""

    def feed(self, pcm: bytes) -> None:
        """Add sound: mono s16 at `HEARING_RATE`."""

    def guess(self) -> None:
        """Ask for the words up to this pause, which become `guessed`. More sound counts as silence until `go_on`."""

    def go_on(self) -> None:
        """Continue with the utterance: the pause was not its end."""

    @property
    def partial(self) -> str:
        """The words so far that will hardly change any more, '' if there are none or this stage cannot tell.

        They only get more.
        """

    @property
    def guessed(self) -> str | None:
        """The words of the last guess; None until they are known, or if this stage cannot guess."""

    async def finish(self) -> str:
        """Return the words of the finished utterance, '' if none were understood.

        Raises:
            SpeechError: The recogniser failed.
        """
        ...

    def abort(self) -> None:
        """Drop the utterance. Does nothing once it is finished."""


class Recogniser(Protocol):
    """Recognises speech: `SpeechProcess`, or `ServerEars`."""

    def hear(self, *, language: str | None = None) -> Recognition:
        """Begin an utterance, in this language if known (such as 'en' or 'pt-BR')."""


class Synthesiser(Protocol):
    """Speaks: `SpeechProcess`, or `ServerVoice`."""

    def speak(
        self, text: str, *, voice: str, speed: float = 1.0, language: str | None = None
    ) -> AsyncGenerator[bytes, None]:
        """Speak plain text: yields mono s16 at `SPEECH_RATE` as it is made. Closing the generator ends the work.

        `language` is the language to expect, if known (such as 'en' or 'pt-BR').

        Raises:
            SpeechError: The synthesiser failed.
        """
        ...


@dataclass(frozen=True)
class Stages:
    """The three stages of an engine, and what they can do.

    `speaks_ahead` tells whether the voice costs so little that it may speak what perhaps nobody wants to hear. Each
    call passes the `turnstile` before it plays sound that was made for it.
    """

    ears: Recogniser
    mind: Mind
    voice: Synthesiser
    abilities: SpeechAbilities
    speaks_ahead: bool = False
    turnstile: Turnstile = field(default_factory=Turnstile)
