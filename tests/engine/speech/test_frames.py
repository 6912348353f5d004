"""The protocol between the engine and its speech workers."""

from hypothesis import given
from hypothesis import strategies as st

from components.engine.speech.frames import (
    Cancel,
    Failed,
    FrameReader,
    Guess,
    Guessed,
    Listen,
    Message,
    Partial,
    Ready,
    Sound,
    Speak,
    Speech,
    Spoken,
    Understand,
    Understood,
    encode,
)

ids = st.integers(min_value=0, max_value=2**31)
words = st.text(max_size=20)
messages = st.lists(
    st.one_of(
        st.builds(Listen, ids, st.none() | words),
        st.builds(Sound, ids, st.binary(max_size=200)),
        st.builds(Guess, ids),
        st.builds(Guessed, ids, words),
        st.builds(Partial, ids, words),
        st.builds(Understand, ids),
        st.builds(Speak, ids, words, words, st.floats(0.25, 1.5), st.none() | words),
        st.builds(Speech, ids, st.binary(max_size=200), st.integers(8000, 48000)),
        st.builds(Cancel, ids),
        st.builds(Ready, st.none() | words, words),
        st.builds(Understood, ids, words),
        st.builds(Spoken, ids),
        st.builds(Failed, ids, words),
    ),
    max_size=8,
)


@given(messages, st.lists(st.integers(min_value=0, max_value=80), max_size=60))
def test_messages_arrive_as_sent_however_the_pipe_cuts_them(sent: list[Message], cuts: list[int]) -> None:
    data = b''.join(encode(message) for message in sent)
    reader = FrameReader()
    received: list[Message] = []
    for cut in cuts:
        received += reader.feed(data[:cut])
        data = data[cut:]
    assert received + reader.feed(data) == sent


def test_a_message_comes_out_as_soon_as_its_last_byte_is_in() -> None:
    frame = encode(Sound(7, b'\0\1\2\3'))
    reader = FrameReader()
    assert reader.feed(frame[:-1]) == []
    assert reader.feed(frame[-1:]) == [Sound(7, b'\0\1\2\3')]
