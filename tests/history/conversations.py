"""Conversations for tests: one to read, and any that can be."""

from collections.abc import Sequence

from hypothesis import strategies as st

from components.call.items import Speaker
from components.conversation.transcript.call_mark import Begun
from components.conversation.transcript.turn import Status, Turn
from components.history.entries import CallEntry, ConversationEntry, StoredConversation

BEGAN = 1_790_000_000.0
"""When the conversations of the tests began: 21 September 2026."""

PICTURE = 'data:image/png;base64,iVBORw0KGgo='


def turn(
    item_id: str, text: str, at: float | None = None, *, speaker: Speaker = Speaker.USER, **fields: object
) -> Turn:
    """Return a finished turn that began so many seconds after the conversation."""
    times = {} if at is None else {'started_at': BEGAN + at}
    return Turn(item_id, speaker, text, **{'status': Status.DONE, 'spoken': True, 'call': 1, **times, **fields})  # type: ignore[arg-type]


def answer(item_id: str, text: str, at: float | None = None, **fields: object) -> Turn:
    return turn(item_id, text, at, speaker=Speaker.ASSISTANT, **fields)


def conversation(*turns: Turn, title: str = 'The moon', persona: str = '', calls: int = 1) -> StoredConversation:
    """Return a conversation whose calls began a minute apart."""
    entry = ConversationEntry('', '', title, False, persona, BEGAN, BEGAN + 60.0, len(turns), 60.0)
    begun = [Begun.STARTED, *[Begun.CONTINUED] * (calls - 1)]
    return StoredConversation(
        entry, tuple(CallEntry(n + 1, BEGAN + 60 * n, begun[n]) for n in range(calls)), turns, places(turns)
    )


def places(turns: Sequence[Turn]) -> tuple[float, ...]:
    return tuple(float(number) for number in range(1, len(turns) + 1))


TEXTS = st.text(st.characters(exclude_categories=['Cs'], exclude_characters='\0'), max_size=300)
TIMES = st.floats(0, 4e9)
COUNTS = st.integers(0, 10_000)


@st.composite
def any_turns(draw: st.DrawFn) -> Turn:
    """Any turn that has ended, with an id of its own only by luck."""
    text = draw(TEXTS)
    return Turn(
        item_id=draw(st.text('abc_123', min_size=1, max_size=12)),
        speaker=draw(st.sampled_from(Speaker)),
        text=text,
        status=draw(st.sampled_from([Status.DONE, Status.INTERRUPTED, Status.FAILED])),
        spoken=draw(st.booleans()),
        reason=draw(st.none() | TEXTS),
        response_id=draw(st.none() | st.just('resp_1')),
        tokens=draw(st.none() | COUNTS),
        audio_end_ms=draw(st.none() | COUNTS),
        heard=draw(st.none() | st.integers(0, len(text))),
        images=tuple(draw(st.lists(st.just(PICTURE), max_size=2))),
        started_at=draw(st.none() | TIMES),
        ended_at=draw(st.none() | TIMES),
        sound_started_at=draw(st.none() | TIMES),
        sound_ended_at=draw(st.none() | TIMES),
        call=draw(st.integers(0, 3)),
        persona=draw(st.sampled_from(['', 'Coach'])),
    )


@st.composite
def any_conversations(draw: st.DrawFn) -> StoredConversation:
    """Any conversation."""
    turns = draw(st.lists(any_turns(), max_size=6, unique_by=lambda turn: turn.item_id))
    calls = [
        CallEntry(
            number=number,
            started_at=draw(TIMES),
            ended_at=draw(st.none() | TIMES),
            begun=draw(st.sampled_from(Begun)),
            end_reason=draw(st.none() | st.just('hung_up')),
            model=draw(st.text('gpt-', max_size=5)),
            usage={'total_tokens': draw(COUNTS)},
            settings=draw(TEXTS),
            transport=draw(st.sampled_from(['', 'webrtc', 'relay'])),
        )
        for number in range(1, draw(st.integers(0, 3)) + 1)
    ]
    titles = draw(TEXTS), draw(st.booleans()), draw(TEXTS)
    entry = ConversationEntry('', '', *titles, draw(TIMES), draw(TIMES), len(turns), draw(st.floats(0, 1e6)))
    return StoredConversation(entry, tuple(calls), tuple(turns), places(turns))
