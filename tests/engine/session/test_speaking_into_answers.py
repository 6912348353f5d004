"""Speech during an answer: interruptions, and back-channels, which are none."""

from typing import Any

import pytest

from components.engine.minds.mind import Utterance
from tests.engine.fakes import Client
from tests.speech import heard

from .test_spoken_turns import SHORT, TRANSCRIBED, TRANSCRIPTION


@pytest.fixture
def client() -> Client:
    client = Client()
    client.send('session.update', session={'type': 'realtime', 'audio': TRANSCRIBED})
    client.events.clear()
    return client


async def test_speech_interrupts_an_answer_that_is_being_made(client: Client) -> None:
    client.mind.thinking.clear()
    client.mind.ponders_at = 1
    client.say('what_time_is_it', 1.0)
    await client.until('output_audio_buffer.started')
    client.transport.playbacks[0].played_ms = 40
    client.events.clear()
    client.hear('stop')

    assert client.types()[0] == 'input_audio_buffer.speech_started'
    assert client.types()[-4:] == [
        'response.done',
        'rate_limits.updated',
        'output_audio_buffer.cleared',
        'conversation.item.truncated',
    ]
    done = client.all('response.done')[0]['response']
    assert done['status_details'] == {'type': 'cancelled', 'reason': 'turn_detected'}
    assert client.all('conversation.item.truncated')[0]['audio_end_ms'] == 40

    client.mind.thinking.set()
    client.speech.words.append('please stop')
    client.hear(1.0)
    await client.until('response.done', count=2)
    types = [event['type'] for event in client.events if done['id'] in (event.get('response_id'), _response_id(event))]
    assert types[types.index('response.done') + 1 :] == ['output_audio_buffer.cleared'], 'nothing comes late'


def _response_id(event: dict[str, Any]) -> str | None:
    response_id: str | None = event.get('response', {}).get('id')
    return response_id


async def test_speech_interrupts_an_answer_that_is_only_being_played(client: Client) -> None:
    client.say('what_time_is_it', 1.0)
    done = await client.until('response.done')
    client.transport.playbacks[0].played_ms = 1000
    await client.until('rate_limits.updated')
    client.events.clear()

    client.say('stop', 1.0, words='please stop')
    await client.until('response.done')
    assert client.types()[:4] == [
        'input_audio_buffer.speech_started',
        'output_audio_buffer.cleared',
        'conversation.item.truncated',
        'input_audio_buffer.speech_stopped',
    ]
    assert client.all('output_audio_buffer.cleared')[0]['response_id'] == done['response']['id']
    assert client.all('conversation.item.truncated')[0]['audio_end_ms'] == 1000
    heard = client.mind.asked[1][0][1]
    assert heard == Utterance('assistant', 'It is noon.'), 'the mind knows what was not heard'


async def test_speech_before_the_answer_begins_replaces_it(client: Client) -> None:
    client.speech.listening.clear()
    client.say('what_time_is_it', 1.0)
    client.say('hello', 1.0, words='hello')
    client.speech.listening.set()
    await client.until('response.done', count=2)
    first, second = (event['response'] for event in client.all('response.done'))
    assert (first['status'], first['output']) == ('cancelled', [])
    assert second['status'] == 'completed'
    assert [each.text for each in client.mind.asked[0][0]] == ['what time is it', 'hello']


async def test_interruption_and_answering_can_be_turned_off(client: Client) -> None:
    turns = {'type': 'server_vad', 'create_response': False, 'interrupt_response': False}
    client.send('session.update', session={'type': 'realtime', 'audio': {'input': {'turn_detection': turns}}})
    client.send('response.create')
    await client.until('response.done')
    client.say('hello', 1.0, words='hello')
    await client.until(f'{TRANSCRIPTION}.completed')
    assert not client.all('output_audio_buffer.cleared')
    assert len(client.all('response.created')) == 1


@pytest.mark.parametrize(
    ('kind', 'guess', 'sentence', 'interrupts'),
    [
        ('semantic_vad', 'Yeah.', SHORT, False),
        ('semantic_vad', '', SHORT, False),
        ('semantic_vad', 'Stop.', SHORT, True),
        ('semantic_vad', None, SHORT, True),
        ('semantic_vad', 'Yeah.', 'stop', True),  # it lasts for more than a second
        ('server_vad', 'Yeah.', SHORT, True),
    ],
)
async def test_a_back_channel_pauses_an_answer_and_does_not_end_it(
    client: Client, kind: str, guess: str | None, sentence: str, interrupts: bool
) -> None:
    await _let_talk(client, kind)
    client.speech.guess = guess
    client.speech.words.append('')
    client.hear(sentence)
    assert client.transport.held or interrupts
    client.hear(1.1)
    assert not client.transport.held
    assert [event['type'] for event in client.events if 'audio_buffer' in event['type']][:2] == (
        ['input_audio_buffer.speech_started', 'output_audio_buffer.cleared'] if interrupts else []
    )
    assert client.speech.hearings[-1].aborted is not interrupts


async def test_what_follows_a_back_channel_interrupts(client: Client) -> None:
    await _let_talk(client, 'semantic_vad')
    client.speech.guess = 'Okay.'
    client.hear(SHORT, 0.5)
    assert not client.events
    client.speech.guess = 'Stop.'
    client.hear(SHORT, 0.5)
    assert client.types()[0] == 'input_audio_buffer.speech_started'
    assert client.all('conversation.item.truncated')[0]['audio_end_ms'] == 40
    assert len(client.speech.hearings) == 2


async def test_in_the_last_moment_of_an_answer_a_yes_is_a_turn(client: Client) -> None:
    await _let_talk(client, 'semantic_vad')
    client.transport.playbacks[0].played_ms = 1500
    client.speech.guess = 'Yes.'
    client.hear(SHORT)
    assert client.types()[0] == 'input_audio_buffer.speech_started'


async def _let_talk(client: Client, kind: str) -> None:
    """Let the assistant say two seconds, of which 40 ms are heard."""
    turns = {'type': kind}
    client.send('session.update', session={'type': 'realtime', 'audio': {'input': {'turn_detection': turns}}})
    client.send('response.create')
    await client.until('response.done')
    await client.until('rate_limits.updated')
    client.transport.playbacks[0].played_ms = 40
    client.events.clear()


@pytest.mark.parametrize('interrupts', [True, False])
async def test_an_answer_pauses_before_it_is_interrupted(client: Client, interrupts: bool) -> None:
    turns = {'type': 'server_vad', 'interrupt_response': interrupts}
    client.send('session.update', session={'type': 'realtime', 'audio': {'input': {'turn_detection': turns}}})
    client.send('response.create')
    await client.until('response.done')
    sound = heard('stop')
    held = []
    for at in range(0, len(sound), 640):
        client.session.hear(sound[at : at + 640])
        held.append((client.transport.held, bool(client.all('input_audio_buffer.speech_started'))))
    assert ((True, False) in held) == interrupts
    assert (True, True) not in held, 'then the sound is gone'
    assert bool(client.all('output_audio_buffer.cleared')) == interrupts
