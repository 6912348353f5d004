"""How a client wants the user's words to be written down: `audio.input.transcription` of the Realtime API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias, cast

from .fields import Fields
from .wire import JsonObject

Delay: TypeAlias = Literal['minimal', 'low', 'medium', 'high', 'xhigh']


@dataclass(frozen=True)
class Transcription:
    """What is known about the speech. Ears that have no use for a hint do without it."""

    model: str = 'gpt-realtime-whisper'
    language: str | None = None
    prompt: str | None = None
    languages: tuple[str, ...] | None = None
    keywords: tuple[str, ...] | None = None
    delay: Delay | None = None

    def merged(self, given: Fields) -> Transcription:
        """This with the fields changed that an update names. Raises `RealtimeError`."""
        model = given.text('model', self.model, longest=_LONGEST_NAME)
        for name, models in _ONLY_WITH.items():
            if given.is_set(name) and model in _MODELS and model not in models:
                raise given.refuse(name, f"It is not supported with the model '{model}'.")
        return Transcription(
            model=model,
            language=given.optional_text('language', self.language, longest=_LONGEST_LANGUAGE),
            prompt=given.optional_text('prompt', self.prompt),
            languages=_read_texts(given, 'languages', self.languages, longest=_LONGEST_LANGUAGE),
            keywords=_read_texts(given, 'keywords', self.keywords, longest=_LONGEST_NAME),
            delay=_read_delay(given, self.delay),
        )

    def wire(self) -> JsonObject:
        shown: JsonObject = {'model': self.model, 'language': self.language, 'prompt': self.prompt}
        if self.languages is not None:
            shown['languages'] = [*self.languages]
        if self.keywords is not None:
            shown['keywords'] = [*self.keywords]
        if self.delay is not None:
            shown['delay'] = self.delay
        return shown


def _read_texts(given: Fields, name: str, current: tuple[str, ...] | None, *, longest: int) -> tuple[str, ...] | None:
    if not given.has(name):
        return current
    return given.texts(name, most=_MOST_TEXTS, longest=longest) if given.is_set(name) else None


def _read_delay(given: Fields, current: Delay | None) -> Delay | None:
    if not given.has('delay'):
        return current
    choices = ('minimal', 'low', 'medium', 'high', 'xhigh')
    return cast(Delay, given.choice('delay', choices)) if given.is_set('delay') else None


# The service's models, and the fields that it knows with some of them only. Another server's model may have them all.
_WHISPER = 'gpt-realtime-whisper'
_LATEST = ('gpt-transcribe', 'gpt-live-transcribe')
_CLASSIC = ('whisper-1', 'gpt-4o-transcribe', 'gpt-4o-mini-transcribe', 'gpt-4o-mini-transcribe-2025-12-15')
_MODELS = (_WHISPER, *_LATEST, *_CLASSIC, 'gpt-4o-transcribe-diarize')
_ONLY_WITH = {
    'languages': _LATEST,
    'keywords': _LATEST,
    'delay': (_WHISPER,),
    'prompt': (*_LATEST, *_CLASSIC),
}
_LONGEST_NAME = 256
_LONGEST_LANGUAGE = 35  # of a BCP 47 tag; an ISO 639-1 code has 2 letters
_MOST_TEXTS = 1_000
