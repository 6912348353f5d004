"""How a client wants the user's speech transcribed: `audio.input.transcription` of the Realtime API."""

from typing import Annotated, ClassVar, Literal, Self, TypeAlias

from pydantic import Field

from .errors import invalid_value
from .tools import Name
from .wire_model import Array, Section

_LONGEST_LANGUAGE = 35  # characters of a BCP 47 tag; an ISO 639-1 code has 2
_MOST_HINTS = 1_000
Language: TypeAlias = Annotated[str, Field(max_length=_LONGEST_LANGUAGE)]


class Transcription(Section):
    """Hints about the speech. Recognisers ignore the hints that they cannot use."""

    hidden_if_null: ClassVar = frozenset({'languages', 'keywords', 'delay'})

    model: Name = 'gpt-realtime-whisper'
    language: Language | None = None
    prompt: str | None = None
    languages: Annotated[Array[Language], Field(max_length=_MOST_HINTS)] | None = None
    keywords: Annotated[Array[Name], Field(max_length=_MOST_HINTS)] | None = None
    delay: Literal['minimal', 'low', 'medium', 'high', 'xhigh'] | None = None

    def merged(self, update: Self) -> Self:
        """Return a copy with the fields of the update. Raises `RealtimeError` for hints that the model ignores."""
        merged = super().merged(update)
        for name, models in _ONLY_WITH.items():
            if getattr(update, name) is not None and merged.model in _MODELS and merged.model not in models:
                param = f'session.audio.input.transcription.{name}'
                raise invalid_value(param, f"It is not supported with the model '{merged.model}'.")
        return merged

    @property
    def streams(self) -> bool:
        """Whether words are sent while the user speaks. Some of OpenAI's models send them after the turn only."""
        return self.model not in _AFTER_THE_TURN


# OpenAI's models, and the hints that only some of them take. Models of other servers may take all hints.
_WHISPER = 'gpt-realtime-whisper'
_LATEST = ('gpt-transcribe', 'gpt-live-transcribe')
_CLASSIC = ('whisper-1', 'gpt-4o-transcribe', 'gpt-4o-mini-transcribe', 'gpt-4o-mini-transcribe-2025-12-15')
_MODELS = (_WHISPER, *_LATEST, *_CLASSIC, 'gpt-4o-transcribe-diarize')
_AFTER_THE_TURN = ('gpt-transcribe', *_CLASSIC, 'gpt-4o-transcribe-diarize')
_ONLY_WITH = {
    'languages': _LATEST,
    'keywords': _LATEST,
    'delay': (_WHISPER,),
    'prompt': (*_LATEST, *_CLASSIC),
}
