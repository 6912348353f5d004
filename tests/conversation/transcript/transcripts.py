"""Helpers that apply events to a transcript and read it."""

from components.call.event_reader import read_server_event
from components.conversation.transcript.transcript import Transcript
from components.conversation.transcript.turn import Turn

from . import events as e
from .events import Event, Item

WHISPER = {'model': 'gpt-realtime-whisper'}


def apply(transcript: Transcript, event: Event, at: float | None = None) -> set[str]:
    """Apply an event as the service sends it, see `Transcript.apply`."""
    return transcript.apply(read_server_event(event), at)


def transcript_of(*events: Event) -> Transcript:
    """Return a transcript after these events."""
    transcript = Transcript()
    for event_ in events:
        apply(transcript, event_)
    return transcript


def lines(transcript: Transcript) -> list[str]:
    """The transcript as one would read it out: `user (open): Hel`."""
    return [f'{turn.speaker} ({turn.status}): {turn.text}' for turn in transcript.turns]


def the_turn(*events: Event) -> Turn:
    (turn,) = transcript_of(*events).turns
    return turn


def answering(*parts: str) -> list[Event]:
    """An answer that is being given."""
    new = e.message('a1', 'assistant', status='in_progress')
    return [e.created('r1'), e.output_added('r1', new), e.added(new, None), *(e.delta('r1', 'a1', p) for p in parts)]


def answer(text: str, status: str = 'completed') -> Item:
    return e.message('a1', 'assistant', {'type': 'output_audio', 'transcript': text}, status=status)


def spoken(*transcription: Event) -> list[Event]:
    return [*transcription, e.started('u1'), e.committed('u1', None), e.added(e.said('u1'), None), e.done(e.said('u1'))]
