"""Hearing and speaking, as the engine's event loop sees them."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass

from .frames import Cancel, Guess, Guessed, Listen, Resume, Sound, Speak, Speech, Understand, Understood
from .resampler import Resampler
from .speech_worker import SpeechError, SpeechWorker
from .synthesis.phrases import phrases
from .synthesis.voices import VOICES
from .wav import HEARING_RATE

__all__ = ['HEARING_RATE', 'SPEECH_RATE', 'VOICES', 'Hearing', 'SpeechAbilities', 'SpeechError', 'SpeechProcess']

SPEECH_RATE = 24_000  # samples a second of what is spoken, as the Realtime API has it: mono s16


@dataclass(frozen=True)
class SpeechAbilities:
    """The recogniser and synthesiser of this machine, such as 'hibari 0.2.1', and what does not work."""

    recogniser: str | None
    recogniser_problem: str
    synthesiser: str | None
    synthesiser_problem: str


class SpeechProcess:
    """Hears and speaks for all calls of an engine. It belongs to the engine's event loop.

    Two worker processes do the work; `speech.main` says why. If a worker dies, its work fails with `SpeechError`, and
    it starts again at the next use. With a `whisper_model`, faster-whisper recognises speech instead of Moonshine.
    """

    def __init__(self, *, whisper_model: str = '') -> None:
        limit = _WHISPER_SECONDS if whisper_model else _USUAL_SECONDS
        self._recogniser = SpeechWorker('recogniser', model=whisper_model, answer_limit=limit)
        self._synthesiser = SpeechWorker('synthesiser', answer_limit=_USUAL_SECONDS)

    @property
    def abilities(self) -> SpeechAbilities:
        """The abilities of this machine, known after `start()`."""
        ears, voice = self._recogniser.ready, self._synthesiser.ready
        return SpeechAbilities(ears.ability, ears.problem, voice.ability, voice.problem)

    @property
    def loading(self) -> str:
        """The reason why hearing is not ready yet, in one sentence; '' when it is."""
        return self._recogniser.loading

    async def start(self, *, ears: bool = True, voice: bool = True) -> None:
        """Start the workers and find out what works. A missing stage raises no error before its first use.

        `ears` and `voice` say which stages are needed: one on a server needs no worker.
        """
        wanted = [worker for worker, use in ((self._recogniser, ears), (self._synthesiser, voice)) if use]
        await asyncio.gather(*(worker.start() for worker in wanted))

    async def stop(self) -> None:
        """End the workers; unfinished work fails. May be called more than once."""
        await asyncio.gather(self._recogniser.stop(), self._synthesiser.stop())

    def hear(self, *, language: str | None = None) -> 'Hearing':
        """Begin an utterance. A recogniser of many languages guesses which one it is unless `language` tells."""
        return Hearing(self._recogniser, language)

    async def speak(
        self, text: str, *, voice: str, speed: float = 1.0, language: str | None = None
    ) -> AsyncGenerator[bytes, None]:
        """Say plain text, in one of the `VOICES`: mono s16 at `SPEECH_RATE`, in pieces of about 0.1 seconds.

        A `speed` of 1.0 is the voice's own. `language` is the one to expect (such as 'en' or 'pt-BR'); the text decides
        if it is clearly written in another. The text goes to the synthesiser phrase by phrase as its sound is taken, so
        closing or cancelling the iterator ends the synthesis.

        Raises:
            SpeechError: The synthesiser failed, or there is no such voice.
        """
        if voice not in VOICES:
            raise SpeechError(f'There is no voice called {voice}; choose one of {", ".join(VOICES)}.')
        output = _Output()
        for phrase in phrases(text, early=True):
            exchange = self._synthesiser.exchange()
            try:
                exchange.post(Speak(exchange.id, phrase, voice, speed, language))
                while isinstance(reply := await exchange.receive(), Speech):
                    if pcm := output.take(reply):
                        yield pcm
            finally:
                exchange.close()
        if rest := output.finish():
            yield rest


class Hearing:
    """One utterance on its way through the recogniser, from `SpeechProcess.hear`."""

    def __init__(self, recogniser: SpeechWorker, language: str | None) -> None:
        self._exchange = recogniser.exchange()
        self._exchange.post(Listen(self._exchange.id, language))
        self._pausing = False

    def feed(self, pcm: bytes) -> None:
        """Hear more: mono s16 at `HEARING_RATE`."""
        self._exchange.post(Sound(self._exchange.id, pcm))

    def guess(self) -> None:
        """Ask for the words up to this pause, which will be `guessed`. More sound counts as silence, until `go_on`."""
        self._pausing = True
        self._exchange.ask_for_guess(Guess(self._exchange.id))

    def go_on(self) -> None:
        """Continue after a guess: the pause was not the end, and some of it was not silent."""
        self._pausing = False
        self._exchange.post(Resume(self._exchange.id))

    @property
    def partial(self) -> str:
        """The words so far that will hardly change any more; they only get more."""
        return self._exchange.partial

    @property
    def guessed(self) -> str | None:
        """The words of the last guess; None until they are known."""
        return self._exchange.guessed

    async def finish(self) -> str:
        """The words, once the utterance is over; '' when nothing was understood. Raises SpeechError.

        Those of a guess are the words if the utterance did not go on: nobody waits for them behind other utterances.
        """
        try:
            if self._pausing:
                if (words := self._exchange.guessed) is not None:
                    return words
                self._exchange.takes_guess = True
            self._exchange.post(Understand(self._exchange.id))
            reply = await self._exchange.receive()
            return reply.text if isinstance(reply, Understood | Guessed) else ''
        finally:
            self.abort()

    def abort(self) -> None:
        """Give the utterance up. Does nothing once it is finished."""
        self._exchange.post(Cancel(self._exchange.id))
        self._exchange.close()


class _Output:
    """Brings the speech of one text to `SPEECH_RATE`. Its phrases may come at different rates."""

    def __init__(self) -> None:
        self._resampler: Resampler | None = None

    def take(self, speech: Speech) -> bytes:
        if speech.rate == SPEECH_RATE:
            return self.finish() + speech.pcm
        if self._resampler is None:
            self._resampler = Resampler(speech.rate, SPEECH_RATE)
        return self._resampler.resample(speech.pcm)

    def finish(self) -> bytes:
        resampler, self._resampler = self._resampler, None
        return resampler.finish() if resampler else b''


_USUAL_SECONDS = 20.0  # for an answer of a worker
_WHISPER_SECONDS = 60.0  # the larger models are slow on a small machine
