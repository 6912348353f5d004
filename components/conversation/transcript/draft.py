"""A draft: the facts that events have reported about one turn so far."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from enum import Enum, auto

from components.call.items import NAME, Item, Speaker

from .pace import Pace, heard
from .turn import Status, Turn

STOPPED_BY_USER = {None, 'turn_detected', 'client_cancelled', 'call_ended'}
"""Reasons of interruptions that the user needs no sign of."""
HEARD_MS = 1000
"""How much of an answer without a transcript must have been heard to be a turn."""


class Words(Enum):
    """The state of the transcription of the user's speech."""

    NOT_EXPECTED = auto()
    AWAITED = auto()
    COMPLETE = auto()
    FAILED = auto()


@dataclass
class _Part:
    """One content part: its streamed text counts until its final text is known."""

    streamed: str = ''
    final: str | None = None

    @property
    def text(self) -> str:
        return self.streamed if self.final is None else self.final


@dataclass
class Draft:
    """Collects facts, from which the turn follows. No fact takes back another, so their order does not matter."""

    item_id: str
    speaker: Speaker
    spoken: bool = False
    committed: bool = False
    """The service took the user's speech into the conversation."""
    item_done: bool = False
    words: Words = Words.NOT_EXPECTED
    cut: Status | None = None
    """`INTERRUPTED` or `FAILED`, if the turn ended before its end."""
    reason: str | None = None
    response_id: str | None = None
    call_id: str | None = None
    tokens: int | None = None
    images: tuple[str, ...] = ()
    audio_end_ms: int | None = None
    pace: Pace | None = None
    """The measured speed of the voice when this answer was cut off."""
    heard: int | None = None
    """Characters that were heard, for an answer restored with its estimate."""
    started_at: float | None = None
    ended_at: float | None = None
    sound_started_at: float | None = None
    sound_ended_at: float | None = None
    call: int = 0
    persona: str = ''
    _parts: defaultdict[int, _Part] = field(default_factory=lambda: defaultdict(_Part))

    @classmethod
    def of(cls, turn: Turn) -> Draft:
        """Return the draft of a turn that was stored. Events that are still to come may end an open one."""
        draft = cls(
            turn.item_id,
            turn.speaker,
            spoken=turn.spoken,
            committed=True,
            item_done=turn.status is Status.DONE,
            cut=turn.status if turn.status in {Status.INTERRUPTED, Status.FAILED} else None,
            reason=turn.reason,
            response_id=turn.response_id,
            call_id=turn.call_id,
            tokens=turn.tokens,
            images=turn.images,
            audio_end_ms=turn.audio_end_ms,
            heard=turn.heard,
            started_at=turn.started_at,
            ended_at=turn.ended_at,
            sound_started_at=turn.sound_started_at,
            sound_ended_at=turn.sound_ended_at,
            call=turn.call,
            persona=turn.persona,
        )
        if turn.text:
            draft.stream(0, turn.text)
        return draft

    @property
    def status(self) -> Status:
        """The status that follows from the facts. Having been cut short outweighs all others."""
        if self.cut:
            return self.cut
        if self.words is Words.AWAITED:
            return Status.OPEN
        if self.words is Words.FAILED:
            return Status.FAILED
        # xAI's service sends no `conversation.item.done` for speech: committed with all words is done as well
        if self.item_done or (self.committed and self.words is Words.COMPLETE):
            return Status.DONE
        return Status.OPEN

    @property
    def text(self) -> str:
        """The words of all parts."""
        texts = [part.text for _, part in sorted(self._parts.items()) if part.text]
        return (' ' if self.speaker is Speaker.TOOL else '\n').join(texts)

    @property
    def is_tentative(self) -> bool:
        """Whether it is speech that is not part of the conversation yet."""
        return self.speaker is Speaker.USER and self.spoken and not self.committed and not self.item_done

    @property
    def is_empty(self) -> bool:
        """Whether it is no turn: speech without words, or an answer that the user stopped before its first word."""
        if self.text.strip() or self.images:
            return False
        if self.speaker is Speaker.ASSISTANT and self.cut is Status.INTERRUPTED:
            return self.reason in STOPPED_BY_USER and (self.audio_end_ms or 0) < HEARD_MS
        return self.words is Words.COMPLETE

    def turn(self, at: float | None, *, sounding: bool = False) -> Turn:
        """Return the turn as it stands. `at` becomes the time of its beginning and its end."""
        status, text = self.status, self.text
        if self.started_at is None:
            self.started_at = at
        if status is Status.OPEN:
            self.ended_at = None
        elif self.ended_at is None:
            self.ended_at = at
        return Turn(
            self.item_id,
            self.speaker,
            text,
            status,
            self.spoken,
            self.reason,
            self.response_id,
            self.call_id,
            self.tokens,
            self.audio_end_ms,
            heard(text, self.audio_end_ms, self.pace) if self.pace and self.audio_end_ms is not None else self.heard,
            sounding,
            self.images,
            self.started_at,
            self.ended_at,
            self.sound_started_at,
            self.sound_ended_at,
            self.call,
            self.persona if self.speaker is Speaker.ASSISTANT else '',
        )

    def stream(self, index: int, delta: str) -> None:
        """Append to a part's text."""
        self._parts[index].streamed += delta

    def revise(self, index: int, text: str) -> None:
        """Replace a part's text so far."""
        self._parts[index].streamed = text

    def settle(self, index: int, text: str) -> None:
        """Set a part's final text, which replaces what was streamed."""
        self._parts[index].final = text

    def absorb(self, item: Item) -> None:
        """Adopt the item's own facts. Its texts count once it is no longer in progress, except for a name."""
        self.speaker = item.speaker
        self.spoken |= item.spoken
        self.call_id = item.call_id or self.call_id
        self.images = item.images or self.images
        self.item_done |= item.status == 'completed'
        for index, text in item.texts.items():
            if index == NAME or item.status != 'in_progress':
                self.settle(index, text)
                if item.spoken and item.speaker is Speaker.USER:
                    self.words = Words.COMPLETE

    def finish(self, item: Item) -> None:
        """End it as the item says: completely, or too early."""
        if item.status == 'incomplete' and self.speaker in {Speaker.ASSISTANT, Speaker.TOOL}:
            self.end_early(Status.INTERRUPTED)
        else:
            self.item_done = True

    def expect_words(self, transcribed: bool) -> None:
        """Await the words of speech, if the session transcribes."""
        if transcribed and self.words is Words.NOT_EXPECTED:
            self.words = Words.AWAITED

    def cut_off(self, audio_end_ms: int, pace: Pace) -> None:
        """End it because its sound ended after this many milliseconds, before its words did."""
        self.audio_end_ms, self.pace = audio_end_ms, pace
        self.end_early(Status.INTERRUPTED)

    def end_early(self, status: Status, reason: str | None = None) -> None:
        """Mark it as interrupted or failed. A failure outweighs an interruption."""
        if self.cut is not Status.FAILED:
            self.cut = status
        self.reason = reason or self.reason

    def end_call(self) -> None:
        """End it with the call: the user's turn is complete with the words known so far, an open answer was cut off."""
        if self.speaker in {Speaker.ASSISTANT, Speaker.TOOL}:
            self.end_early(Status.INTERRUPTED, 'call_ended')
        else:
            self.item_done = True
            self.words = Words.NOT_EXPECTED
