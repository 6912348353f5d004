"""In every allowed order, with every repetition and in batches of any size, events give the same turns."""

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from components.call.event_reader import READERS, read_server_event
from components.conversation.transcript.transcript import Transcript
from components.conversation.transcript.turn import Status, Turn

from .events import Event, Talk
from .transcripts import apply

WORDS = st.text('abc ,.?\n\U0001f600漢', min_size=1, max_size=6)
PICTURES = st.integers(0, 9).map('data:image/png;base64,AAA{}='.format)
PARTS = st.lists(WORDS, min_size=1, max_size=4)

TYPES = st.sampled_from([*READERS, 'response.no_such_thing', ''])
FIELDS = st.sampled_from(['type', 'id', 'item', 'item_id', 'previous_item_id', 'response', 'response_id', 'output']) | (
    st.sampled_from(['role', 'content', 'content_index', 'text', 'transcript', 'delta', 'part', 'name', 'arguments'])
    | st.sampled_from(['session', 'audio', 'input', 'transcription', 'status', 'usage', 'output_tokens', 'error'])
)


@st.composite
def talks(draw: st.DrawFn) -> Talk:
    """Up to five exchanges of every kind."""
    talk = Talk()
    for _ in range(draw(st.integers(1, 5))):
        match draw(st.sampled_from(['says', 'says', 'writes', 'shows', 'instructs', 'calls', 'answers'])):
            case 'says':
                talk.says(*draw(PARTS | st.just([''])))
            case 'writes':
                talk.writes(draw(WORDS))
            case 'shows':
                talk.shows(draw(st.just('') | WORDS), *draw(st.lists(PICTURES, min_size=1, max_size=3)))
            case 'instructs':
                talk.writes(draw(WORDS), role='system')
            case 'calls':
                talk.calls('look_up', draw(PARTS), draw(WORDS))
        end = draw(st.sampled_from(['done', 'interrupted', 'failed']))
        late = draw(st.just([]) if end == 'done' else st.lists(WORDS, max_size=2))
        talk.answers(*draw(st.lists(PARTS, min_size=1, max_size=2)), end=end, late=late)
    return talk


@st.composite
def talks_with_event_orders(draw: st.DrawFn) -> tuple[Talk, list[Event]]:
    """A conversation, and its events in another allowed order, some of them repeated later."""
    talk = draw(talks())
    order: list[int] = []
    ready = [number for number, causes in enumerate(talk.causes) if not causes]
    while ready:
        order.append(ready.pop(draw(st.integers(0, len(ready) - 1))))
        sent = set(order)
        ready += [n for n, causes in enumerate(talk.causes) if order[-1] in causes and causes <= sent]
    events = [talk.events[number] for number in order]
    for number in draw(st.lists(st.integers(0, len(events) - 1), max_size=10)):
        again = events[number]
        events.insert(draw(st.integers(events.index(again) + 1, len(events))), again)
    return talk, events


def said(turns: Sequence[Turn]) -> list[tuple[str, str, str]]:
    return [(turn.speaker, turn.text, turn.status) for turn in turns]


@given(talks())
def test_events_in_order_give_the_turns_of_the_conversation(talk: Talk) -> None:
    transcript = Transcript()
    for event in talk.events:
        apply(transcript, event)
    assert said(transcript.turns) == talk.turns
    assert [url for turn in transcript.turns for url in turn.images] == talk.pictures


@given(talks(), st.data())
def test_what_comes_late_completes_what_was_kept(talk: Talk, data: st.DataObject) -> None:
    kept = data.draw(st.integers(0, len(talk.events)))
    confirmed = data.draw(st.integers(0, kept))
    before, whole = Transcript(), Transcript()
    for event in talk.events[:kept]:
        apply(before, event)
    for event in talk.events:
        apply(whole, event)
    whole.end_call()
    page = Transcript(map(as_read, before.turns))
    late = [(0.0, event) for event in map(read_server_event, talk.events[confirmed:]) if event]
    for _ in range(2):
        page.add_late(late, ())
        assert [(turn.speaker, turn.text) for turn in page.turns] == [(turn.speaker, turn.text) for turn in whole.turns]


def as_read(turn: Turn) -> Turn:
    """The turn as it is read after a restart: one that was open was cut off."""
    return turn if turn.status is not Status.OPEN else replace(turn, status=Status.INTERRUPTED, reason='call_ended')


@settings(max_examples=3 * settings().max_examples)
@given(talks_with_event_orders())
def test_every_allowed_order_and_repetition_gives_the_same_turns(talk_with_events: tuple[Talk, list[Event]]) -> None:
    talk, events = talk_with_events
    straight, shuffled = Transcript(), Transcript()
    for event in talk.events:
        apply(straight, event)
    for event in events:
        apply(shuffled, event)
    assert shuffled.turns == straight.turns
    assert said(shuffled.turns) == talk.turns


@given(talks_with_event_orders(), st.data())
def test_the_returned_ids_are_enough_to_stay_up_to_date(
    talk_with_events: tuple[Talk, list[Event]], data: st.DataObject
) -> None:
    _, events = talk_with_events
    transcript, seen = Transcript(), dict[str, Turn]()
    while events:
        size = data.draw(st.integers(1, len(events)), label='batch')
        batch, events = events[:size], events[size:]
        order = [turn.item_id for turn in transcript.turns]
        changed = set[str]().union(*(apply(transcript, event) for event in batch))
        now = {turn.item_id: turn for turn in transcript.turns}
        for item_id in changed:
            seen.pop(item_id, None)
            if item_id in now:
                seen[item_id] = now[item_id]
        assert seen == now
        assert changed or order == list(now)


NEEDED = {'type', 'item', 'item_id', 'response', 'response_id', 'delta', 'transcript', 'audio_end_ms', 'content_index'}


@given(talks(), st.data())
def test_an_event_with_a_field_of_the_wrong_type_changes_nothing(talk: Talk, data: st.DataObject) -> None:
    number = data.draw(st.integers(0, len(talk.events) - 1))
    transcript = Transcript()
    for event in talk.events[:number]:
        apply(transcript, event)
    before = transcript.turns
    broken = dict(talk.events[number])
    broken[data.draw(st.sampled_from(sorted(NEEDED & broken.keys())))] = data.draw(st.sampled_from([[], 0.5, True]))
    assert apply(transcript, broken) == set()
    assert transcript.turns == before


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(['', 'a', 'user', 'message']),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(FIELDS, inner, max_size=4),
    max_leaves=8,
)


@given(st.lists(st.builds(lambda type_, fields: {**fields, 'type': type_}, TYPES, st.dictionaries(FIELDS, JSON))))
def test_no_event_raises(events: list[Event]) -> None:
    transcript = Transcript()
    for event in events:
        apply(transcript, event)
    assert [turn.item_id for turn in transcript.turns] == list(dict.fromkeys(turn.item_id for turn in transcript.turns))
