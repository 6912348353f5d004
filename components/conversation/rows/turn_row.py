"""A row of the chat that shows a turn: its bubble, and what stands around it."""

from dataclasses import dataclass
from typing import Literal

from components.call.items import Speaker
from components.conversation.transcript.turn import Status, Turn
from components.words.language import Text

from .node import Node

AWAITED = {Speaker.USER, Speaker.ASSISTANT}  # dots stand in for their words until these arrive
LONGEST = 20_000
"""Characters of a turn that are shown before its reader asks for more, half an hour of speech. More stalls the page."""
REASONS = {'client_cancelled', 'call_ended', 'max_output_tokens', 'content_filter'}  # all others are interruptions


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a turn: its `data:` URL, and its description."""

    src: str
    alt: str


@dataclass(frozen=True, slots=True)
class TurnRow:
    """The row of one turn, as the browser renders it."""

    id: str
    speaker: Speaker
    name: str
    status: Status
    at: float | None
    """When the turn began, in Unix seconds."""
    said: str
    """Its words, or a substitute for them in brackets."""
    formatted: tuple[Node, ...]
    """The words with their Markdown, once an answer is over; none if they have no Markdown."""
    unheard: str
    """The rest of its words, which nobody heard."""
    waiting: str
    """The description of the dots that stand in for words; empty without dots."""
    note: str
    """Why it ended early; empty if it did not."""
    pictures: tuple[Picture, ...]
    editable: bool
    """Whether the user said or wrote it, and may say something else instead."""
    folded: str
    """The name of the button that shows the rest of a very long turn; empty if all of it is shown."""
    kind: Literal['turn'] = 'turn'


def turn_row(turn: Turn, text: Text, *, is_unfolded: bool = False) -> TurnRow:
    """Return the row of a turn as it stands.

    Args:
        turn: The turn to show.
        text: Gives the texts around the words.
        is_unfolded: Whether its reader has asked for all of it.
    """
    said, unheard = _parts(turn, text)
    is_folded = not is_unfolded and len(said) + len(unheard) > LONGEST
    if is_folded:
        said, unheard = _cut(said, LONGEST), _cut(unheard, max(0, LONGEST - len(said)))
    is_waiting = turn.status is Status.OPEN and not turn.text.strip() and turn.speaker in AWAITED
    return TurnRow(
        id=turn.item_id,
        speaker=turn.speaker,
        name=speaker_name(turn, text),
        status=turn.status,
        at=turn.started_at,
        said=said,
        formatted=_formatted(said) if _is_formatted(turn, unheard) else (),
        unheard=unheard,
        waiting=text(f'chat.waiting.{turn.speaker}') if is_waiting else '',
        note=_note(turn, text),
        pictures=tuple(
            Picture(url, text('chat.picture', number=number, count=len(turn.images)))
            for number, url in enumerate(turn.images, start=1)
        ),
        editable=_is_editable(turn) and not is_folded,
        folded=text('chat.unfold') if is_folded else '',
    )


def speaker_name(turn: Turn, text: Text) -> str:
    """Return the name of a turn's speaker: for an answer that of the persona that gave it, if it is known."""
    return ' '.join(turn.persona.split()) or text(f'chat.names.{turn.speaker}')


def is_over(turn: Turn) -> bool:
    """Tell whether a turn will not change any more, and cannot be heard any more."""
    return turn.status is not Status.OPEN and not turn.sounding


def _is_editable(turn: Turn) -> bool:
    """Tell whether a turn is the user's, with all its words."""
    is_complete = not turn.spoken or turn.status is not Status.OPEN
    return turn.speaker is Speaker.USER and is_complete and bool(turn.text.strip())


def _cut(text: str, length: int) -> str:
    """Return the beginning of a text, marked as such."""
    return text if len(text) <= length else f'{text[:length]}…' if length else ''


def _formatted(said: str) -> tuple[Node, ...]:
    from .formatted_text import formatted  # loads much that a page without an answer does not need

    return formatted(said)


def _is_formatted(turn: Turn, unheard: str) -> bool:
    """Tell whether a turn is shown as Markdown. While it sounds, its words keep the place where captions mark them."""
    return turn.speaker is Speaker.ASSISTANT and is_over(turn) and not unheard


def announcement(turn: Turn, text: Text) -> str:
    """The text for screen readers: who says how many pictures there are, and the words that were heard."""
    said, unheard = _parts(turn, text)
    heard = said[:LONGEST] if said or not unheard else text('chat.nothing_heard')
    pictures = ''
    if turn.images:
        pictures = text('chat.one_picture') if len(turn.images) == 1 else text('chat.pictures', count=len(turn.images))
    words = ', '.join(filter(None, [pictures, heard]))
    return text('chat.announcement', name=speaker_name(turn, text), words=words)


def _parts(turn: Turn, text: Text) -> tuple[str, str]:
    """The words that were heard and those that were not; or a substitute in brackets, if there are no words."""
    if turn.text.strip():
        end = len(turn.text) if turn.heard is None else turn.heard
        return turn.text[:end].strip(), turn.text[end:].rstrip()
    if turn.status is Status.OPEN or turn.images:
        return '', ''
    return text('chat.spoken' if turn.spoken else 'chat.no_words'), ''


def _note(turn: Turn, text: Text) -> str:
    """Why a turn ended early or failed; empty if it did neither."""
    if turn.status is Status.INTERRUPTED:
        return text(f'chat.ends.{turn.reason}' if turn.reason in REASONS else 'chat.ends.interrupted')
    if turn.status is Status.FAILED:
        what = text('chat.ends.unwritten' if turn.speaker is Speaker.USER else 'chat.ends.failed')
        return text('chat.ends.because', what=what, reason=turn.reason) if turn.reason else what
    return ''
