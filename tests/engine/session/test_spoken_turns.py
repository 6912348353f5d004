"""Speech in and out of a session: turns, and what happens when a stage fails."""

from typing import Any

import pytest

from components.engine.minds.mind import Utterance
from components.engine.speech.speech_process import SpeechAbilities, SpeechError
from tests.engine.fakes import Client

from .test_session import ALOUD

TRANSCRIBED = {'input': {'transcription': {'model': 'gpt-realtime-whisper', 'language': 'en'}}}
SPOKEN = [
    'input_audio_buffer.speech_started',
    'input_audio_buffer.speech_stopped',
    'input_audio_buffer.committed',
    'conversation.item.added',
    'conversation.item.done',
]
IDLE = 'input_audio_buffer.timeout_triggered'
SHORT = 'what_time_is_it'  # spoken in 0.8 seconds
WRITTEN = {'type': 'message', 'role': 'user', 'content': [{'type': 'input_text', 'text': 'Hello'}]}
TRANSCRIPTION = 'conversation.item.input_audio_transcription'


@pytest.fixture
def client() -> Client:
    """With transcription on, as a page sets it."""
    client = Client()
    client.send('session.update', session={'type': 'realtime', 'audio': TRANSCRIBED})
    client.events.clear()
    return client


async def test_a_spoken_turn(client: Client) -> None:
    client.say(1.0, 'what_time_is_it', 1.0)
    await client.until('response.done')

    words = [f'{TRANSCRIPTION}.delta', f'{TRANSCRIPTION}.completed']
    assert client.types() == [*SPOKEN, 'response.created', *words, *ALOUD[1:]]
    assert [event['delta'] for event in client.all(f'{TRANSCRIPTION}.delta')] == ['what', ' time', ' is', ' it']
    completed = client.all(f'{TRANSCRIPTION}.completed')[0]
    assert completed['transcript'] == 'what time is it'
    assert completed['usage'] == {'type': 'duration', 'seconds': 2}
    assert client.mind.asked[0][0] == [Utterance('user', 'what time is it')]

    started, stopped = client.all(SPOKEN[0])[0], client.all(SPOKEN[1])[0]
    assert 700 <= started['audio_start_ms'] <= 1200
    assert 2300 <= stopped['audio_end_ms'] <= 3000
    items = {client.all(type)[0]['item_id'] for type in SPOKEN[:3]}
    assert items == {client.all('conversation.item.added')[0]['item']['id']}
    usage = client.all('response.done')[0]['response']['usage']
    assert usage['input_token_details']['audio_tokens'] == client.speech.hearings[0].milliseconds // 100


async def test_a_session_knows_when_somebody_spoke_or_wrote_last(client: Client) -> None:
    client.session._now = lambda: 2_000.0
    began = client.session.life_at
    client.say(1.0)
    assert client.session.life_at == began, 'a microphone alone says nothing'
    client.say('what_time_is_it', 1.0)
    assert client.session.life_at == 2_000.0
    client.session._now = lambda: 3_000.0
    client.say(1.0)
    assert client.session.life_at == 2_000.0
    client.send('conversation.item.create', item=WRITTEN)
    assert client.session.life_at == 3_000.0


async def test_words_stream_while_they_are_spoken(client: Client) -> None:
    client.speech.partial = 'What time'
    client.say('what_time_is_it', 1.0, words='What time is it?')
    await client.until('response.done')
    delta = f'{TRANSCRIPTION}.delta'
    assert client.types()[:4] == [SPOKEN[0], delta, *SPOKEN[1:3]]
    assert [event['delta'] for event in client.all(delta)] == ['What', ' time', ' is', ' it?']
    assert client.all(f'{TRANSCRIPTION}.completed')[0]['transcript'] == 'What time is it?'
    items = {event['item_id'] for type in (SPOKEN[0], delta, SPOKEN[2]) for event in client.all(type)}
    assert len(items) == 1


async def test_the_completed_transcript_corrects_what_was_streamed(client: Client) -> None:
    client.speech.partial = 'What Tim'
    client.say('what_time_is_it', 1.0, words='What time is it?')
    await client.until('response.done')
    assert [event['delta'] for event in client.all(f'{TRANSCRIPTION}.delta')] == ['What', ' Tim']
    assert client.all(f'{TRANSCRIPTION}.completed')[0]['transcript'] == 'What time is it?'


@pytest.mark.parametrize('transcription', [None, {'model': 'gpt-4o-transcribe'}, {'model': 'whisper-1'}])
async def test_nothing_streams_with_a_model_that_transcribes_after_the_turn(
    client: Client, transcription: dict[str, str] | None
) -> None:
    client.send('session.update', session={'type': 'realtime', 'audio': {'input': {'transcription': transcription}}})
    client.speech.partial = 'What time'
    client.hear('what_time_is_it')
    assert client.types() == ['session.updated', SPOKEN[0]]


async def test_sound_without_speech_has_an_empty_transcript(client: Client) -> None:
    client.say('what_time_is_it', 1.0, words='[BLANK_AUDIO]')
    await client.until('response.done')
    assert client.all(f'{TRANSCRIPTION}.completed')[0]['transcript'] == ''
    assert client.all(f'{TRANSCRIPTION}.delta') == []
    assert client.mind.asked[0][0] == [Utterance('user', '')]


async def test_the_second_turn_follows_the_first_answer(client: Client) -> None:
    client.say('what_time_is_it', 1.0)
    await client.until('response.done')
    client.transport.play_all()
    client.say('hello', 1.0, words='hello')
    await client.until('response.done', count=2)
    added = client.all('conversation.item.added')
    assert [event['previous_item_id'] for event in added] == [None, *(event['item']['id'] for event in added[:3])]
    assert [each.text for each in client.mind.asked[1][0]] == ['what time is it', 'It is noon. Time to eat.', 'hello']


async def test_without_transcription_only_the_mind_gets_the_words() -> None:
    client = Client()
    client.say('what_time_is_it', 1.0)
    await client.until('response.done')
    assert client.types() == [*SPOKEN, *ALOUD]
    assert client.mind.asked[0][0] == [Utterance('user', 'what time is it')]


async def test_the_answer_waits_for_the_words(client: Client) -> None:
    client.speech.listening.clear()
    client.say('what_time_is_it', 1.0)
    await client.until('response.created')
    await client.speech.asked.wait()
    assert not client.mind.asked
    client.speech.listening.set()
    await client.until('response.done')
    assert client.mind.asked[0][0] == [Utterance('user', 'what time is it')]


@pytest.mark.parametrize(
    ('turns', 'earlier', 'stops'),
    [
        ({'prefix_padding_ms': 0}, -300, 0),
        ({'silence_duration_ms': 900}, 0, 400),
        ({'threshold': 0.98}, 0, 0),
    ],
)
async def test_the_settings_of_turn_detection_can_be_observed(
    client: Client, turns: dict[str, Any], earlier: int, stops: int
) -> None:
    """By how much a turn starts earlier and stops later with them."""

    def turn(client: Client) -> tuple[int, int]:
        client.say(1.0, 'what_time_is_it', 2.0)
        started, stopped = client.all(SPOKEN[0])[-1], client.all(SPOKEN[1])[-1]
        return started['audio_start_ms'], stopped['audio_end_ms']

    usual, changed = turn(client), Client()
    audio = {'input': {'turn_detection': {'type': 'server_vad', **turns}}}
    changed.send('session.update', session={'type': 'realtime', 'audio': audio})
    other = turn(changed)
    assert usual != other
    assert usual[0] - other[0] == pytest.approx(earlier, abs=100)
    assert other[1] - usual[1] == pytest.approx(stops, abs=100)
    await client.session.close()
    await changed.session.close()


async def test_the_assistant_speaks_when_the_user_stays_silent(client: Client) -> None:
    turns = {'type': 'server_vad', 'idle_timeout_ms': 5000}
    client.send('session.update', session={'type': 'realtime', 'audio': {'input': {'turn_detection': turns}}})
    client.hear(6.0)
    assert not client.all(IDLE), 'nobody has said anything yet'
    client.send('response.create')
    await client.until('response.done')
    client.hear(6.0)
    assert not client.all(IDLE), 'the answer is still to be heard'
    client.transport.play_all()
    client.events.clear()
    client.hear(4.9)
    assert not client.events
    client.speech.words.append('')
    client.hear(0.2)
    await client.until('response.done')
    assert client.types()[:5] == [IDLE, *SPOKEN[2:], 'response.created']
    idle = client.all(IDLE)[0]
    assert idle['audio_end_ms'] - idle['audio_start_ms'] == 5000
    assert client.all('input_audio_buffer.committed')[0]['item_id'] == idle['item_id']
    assert client.all(f'{TRANSCRIPTION}.completed')[0]['transcript'] == ''
    client.hear(6.0)
    assert len(client.all(IDLE)) == 1, 'the next answer is still to be heard'


async def test_push_to_talk(client: Client) -> None:
    client.send('session.update', session={'type': 'realtime', 'audio': {'input': {'turn_detection': None}}})
    client.hear('hello', 1.0)
    client.send('input_audio_buffer.clear')
    client.say('what_time_is_it')
    client.send('input_audio_buffer.commit')
    client.send('response.create')
    await client.until('response.done')
    assert client.types()[1:5] == ['input_audio_buffer.cleared', *SPOKEN[2:]]
    assert client.mind.asked[0][0] == [Utterance('user', 'what time is it')]
    assert client.speech.hearings[0].milliseconds < 1500, 'what was cleared is not heard'


async def test_speech_that_a_change_of_turn_detection_loses_is_cleared(client: Client) -> None:
    client.speech.partial = 'What'
    client.say('what_time_is_it')
    assert client.types() == [SPOKEN[0], f'{TRANSCRIPTION}.delta']
    by_hand = {'type': 'realtime', 'audio': {'input': {'turn_detection': None}}}
    client.send('session.update', session=by_hand)
    client.send('session.update', session=by_hand)
    assert client.types()[2:] == ['session.updated', 'input_audio_buffer.cleared', 'session.updated']


async def test_a_commit_ends_the_turn_at_once(client: Client) -> None:
    client.say('what_time_is_it')
    client.send('input_audio_buffer.commit')
    await client.until(f'{TRANSCRIPTION}.completed')
    assert client.types()[:3] == [SPOKEN[0], *SPOKEN[2:4]]


async def test_a_failed_recognition_fails_only_its_own_answer(client: Client) -> None:
    client.say('what_time_is_it', 1.0, words=SpeechError('The recogniser stopped.'))
    done = await client.until('response.done')
    assert client.all(f'{TRANSCRIPTION}.failed')[0]['error']['message'] == 'The recogniser stopped.'
    assert done['response']['status'] == 'failed'
    assert done['response']['status_details']['error']['message'] == 'The recogniser stopped.'
    client.say('what_time_is_it', 1.0)
    done = await client.until('response.done', count=2)
    assert done['response']['status'] == 'completed'
    assert client.mind.asked[0][0] == [Utterance('user', ''), Utterance('user', 'what time is it')]


async def test_ears_and_voice_get_the_language(client: Client) -> None:
    client.send(
        'session.update', session={'type': 'realtime', 'audio': {'input': {'transcription': {'language': 'ja'}}}}
    )
    client.say('hello', 1.0, words='もしもし')
    await client.until('response.done')
    assert client.speech.languages == ['ja']
    assert set(client.speech.expected) == {'ja'}


async def test_a_missing_recogniser_is_explained_once() -> None:
    problem = 'Speech recognition is not installed.'
    client = Client(abilities=SpeechAbilities(None, problem, 'voice', ''))
    for count in (1, 2):
        client.say('hello', 1.0, words=SpeechError(problem))
        await client.until('response.done', count=count)
        client.transport.play_all()
    told = [event['transcript'] for event in client.all('response.output_audio_transcript.done')]
    assert told == [problem, 'It is noon. Time to eat.']


async def test_a_missing_synthesiser_makes_answers_text() -> None:
    client = Client(abilities=SpeechAbilities('ears', '', None, 'Speech synthesis is not installed.'))
    for count in (1, 2):
        client.say('hello', 1.0, words='hello')
        await client.until('response.done', count=count)
    assert [event['error']['message'] for event in client.all('error')] == ['Speech synthesis is not installed.']
    assert len(client.all('response.output_text.done')) == 2
    assert client.all('response.done')[0]['response']['output_modalities'] == ['text']


async def test_an_error_of_the_synthesiser_fails_the_response(client: Client) -> None:
    client.speech.broken = SpeechError('The synthesiser stopped.')
    client.send('response.create')
    await client.until('response.done')
    done = client.all('response.done')[0]['response']
    assert done['status'] == 'failed'
    assert done['status_details']['error']['message'] == 'The synthesiser stopped.'
    client.speech.broken = None
    client.send('response.create')
    await client.until('response.done', count=2)
    assert client.all('response.done')[1]['response']['status'] == 'completed'
