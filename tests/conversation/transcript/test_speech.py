"""The turns of the user: heard, committed, transcribed, or not."""

from components.conversation.transcript.turn import Status

from . import events as e
from .events import TRANSCRIPTION, event
from .transcripts import WHISPER, apply, lines, spoken, the_turn, transcript_of


def test_the_words_of_the_user_may_come_after_the_answer() -> None:
    talk = e.Talk()
    talk.says('What time ', 'is it?')
    talk.answers(['Noon.'])
    late = [event_ for event_ in talk.events if TRANSCRIPTION in event_['type']]
    transcript = transcript_of(*(event_ for event_ in talk.events if event_ not in late))
    assert lines(transcript) == ['user (open): ', 'assistant (done): Noon.']

    for event_ in late:
        apply(transcript, event_)
    assert lines(transcript) == ['user (done): What time is it?', 'assistant (done): Noon.']


def test_sound_without_speech_is_no_turn() -> None:
    transcript = transcript_of(
        e.started('u1'), e.committed('u1', None), e.added(e.said('u1'), None), e.done(e.said('u1'))
    )
    assert lines(transcript) == ['user (open): ']
    assert apply(transcript, e.words('u1', '')) == {'u1'}
    assert lines(transcript) == []
    apply(transcript, e.added(e.written('u2', 'user', 'Hello'), 'u1'))
    assert lines(transcript) == ['user (done): Hello']


def test_speech_that_is_cleared_vanishes_and_its_late_words_too() -> None:
    transcript = transcript_of(e.started('u1'), e.words_delta('u1', 'Er'), event('input_audio_buffer.cleared'))
    apply(transcript, e.words_delta('u1', ' well'))
    apply(transcript, e.words('u1', 'Er well'))
    assert transcript.turns == []


def test_speech_that_is_committed_after_all_comes_back() -> None:
    cleared = e.started('u1'), event('input_audio_buffer.cleared')
    assert the_turn(*cleared, e.committed('u1', None), e.words('u1', 'Well.')).text == 'Well.'


def test_clearing_the_buffer_keeps_earlier_speech() -> None:
    transcript = transcript_of(e.started('u1'), e.committed('u1', None), event('input_audio_buffer.cleared'))
    assert [turn.item_id for turn in transcript.turns] == ['u1']


def test_a_false_start_vanishes_when_speech_follows() -> None:
    transcript = transcript_of(e.started('cough'), e.started('u1'))
    assert [turn.item_id for turn in transcript.turns] == ['u1']


def test_a_silence_added_by_the_idle_timeout_is_no_turn_but_keeps_its_place() -> None:
    transcript = transcript_of(
        e.added(e.written('t1', 'user', 'Hi.'), None),
        event('input_audio_buffer.timeout_triggered', item_id='u2', audio_start_ms=0, audio_end_ms=5000),
        e.committed('u2', 't1'),
        e.added(e.said('u2'), 't1'),
        e.added(e.written('a3', 'assistant', 'Still here?'), 'u2'),
        e.words('u2', ''),
    )
    assert [turn.item_id for turn in transcript.turns] == ['t1', 'a3']


def test_without_transcription_speech_is_done_without_words() -> None:
    beta = event('session.created', session={'input_audio_transcription': None})
    for off in e.session(None), e.session(None, 'session.created'), beta:
        turn = the_turn(*spoken(off))
        assert (turn.text, turn.status, turn.spoken) == ('', 'done', True)


def test_with_transcription_speech_is_open_until_its_words_are_there() -> None:
    beta = event('session.created', session={'input_audio_transcription': {'model': 'whisper-1'}})
    for on in [e.session(WHISPER)], [e.session(None), e.session(WHISPER)], [beta], []:
        assert the_turn(*spoken(*on)).status == Status.OPEN
        assert the_turn(*spoken(*on), e.words('u1', 'Hi.')).status == Status.DONE


def test_a_failed_transcription_says_why() -> None:
    failed = event(f'{TRANSCRIPTION}.failed', item_id='u1', content_index=0, error={'message': 'No such model.'})
    turn = the_turn(*spoken(), failed)
    assert (turn.status, turn.reason, turn.spoken) == ('failed', 'No such model.', True)
    assert the_turn(*spoken(), e.words('u1', 'Hi.'), failed).status == Status.DONE


def test_repeated_transcripts_replace_each_other_until_the_final_one() -> None:
    """As xAI's service does, which neither sends `conversation.item.done` for speech."""
    transcript = transcript_of(e.started('u1'), e.added(e.message('u1', 'user', status='in_progress'), None))
    apply(transcript, event(f'{TRANSCRIPTION}.updated', item_id='u1', transcript='Hello, my'))
    apply(transcript, e.words('u1', 'Hello, my', status='in_progress'))
    apply(transcript, e.committed('u1', None))
    apply(transcript, e.words('u1', 'Hello, my name', status='in_progress'))
    assert lines(transcript) == ['user (open): Hello, my name']
    apply(transcript, e.words('u1', 'Hello, my name is Ada.', status='completed'))
    assert lines(transcript) == ['user (done): Hello, my name is Ada.']
