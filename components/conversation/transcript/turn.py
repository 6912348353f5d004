"""One thing said by one side, in its place in the conversation."""

from dataclasses import dataclass
from enum import StrEnum

from components.call.items import Speaker


class Status(StrEnum):
    """The progress of a turn. Only an `OPEN` turn still grows."""

    OPEN = 'open'
    DONE = 'done'
    INTERRUPTED = 'interrupted'
    """It ended early: somebody spoke or pressed stop, or it reached a limit of the service."""
    FAILED = 'failed'


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn as it stands after the last event. It never changes, so that two turns can be compared."""

    item_id: str
    speaker: Speaker
    text: str = ''
    """The words, exactly as the service sent them. For a tool: `name arguments`, or its output."""
    status: Status = Status.OPEN
    spoken: bool = False
    """Whether it was said aloud. The text of a spoken turn stays empty if transcription is off or failed."""
    reason: str | None = None
    """Why it was interrupted or failed, in the service's words: `turn_detected`, `client_cancelled`,
    `max_output_tokens`, `content_filter`, or an error message; or `call_ended`."""
    response_id: str | None = None
    call_id: str | None = None
    """Joins a function call and its output."""
    tokens: int | None = None
    """Tokens that the service counted for producing these words. An answer of several turns has them on its last."""
    audio_end_ms: int | None = None
    """Milliseconds of an interrupted answer that were heard, if the service truncated it."""
    heard: int | None = None
    """Characters of an interrupted answer that were heard, by estimate; None if that is unknown."""
    sounding: bool = False
    """Whether it can be heard now. The sound of an answer lasts longer than its generation."""
    images: tuple[str, ...] = ()
    """Pictures shown with the words: `data:` URLs of PNG, JPEG, WebP or GIF."""
    started_at: float | None = None
    ended_at: float | None = None
    """When it first appeared and when it stopped being open, on the clock given to `Transcript.apply`."""
    sound_started_at: float | None = None
    sound_ended_at: float | None = None
    """When its words could be heard: until the user fell silent, or while an answer was played. None if unknown."""
    call: int = 0
    """Which call of the conversation it belongs to, counted from 1; 0 if that is unknown."""
    persona: str = ''
    """The persona that gave the answer, by its name at that time; empty if that is unknown, and for other turns."""

    @property
    def known_words(self) -> str:
        """The words that both sides know of: those that were heard."""
        if self.heard is None or self.heard >= len(self.text):
            return self.text.strip()
        heard = self.text[: self.heard].strip()
        return f'{heard} …' if heard else ''
