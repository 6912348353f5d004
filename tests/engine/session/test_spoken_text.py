"""The text of an answer beside its sound: shown as written, spoken in plain words, and cut where the sound was."""

import pytest

from tests.engine.fakes import Client


@pytest.fixture
def client() -> Client:
    return Client()


async def test_truncation_by_the_client(client: Client) -> None:
    client.send('response.create')
    await client.until('response.done')
    item_id = client.all('response.done')[0]['response']['output'][0]['id']
    client.send('conversation.item.truncate', item_id=item_id, content_index=0, audio_end_ms=2001)
    assert client.error()['param'] == 'audio_end_ms'
    client.send('conversation.item.truncate', item_id=item_id, content_index=0, audio_end_ms=500)
    assert client.all('conversation.item.truncated')[0]['audio_end_ms'] == 500


async def test_an_answer_is_shown_as_written_and_spoken_in_plain_words(client: Client) -> None:
    client.mind.pieces = ['**It** is $23', '.50. Look:\n``', '`py\nx = 1\n```\n', '😀']
    client.send('response.create')
    await client.until('response.done')
    written = '**It** is $23.50. Look:\n```py\nx = 1\n```\n😀'
    deltas = client.all('response.output_audio_transcript.delta')
    assert ''.join(event['delta'] for event in deltas) == written
    assert client.all('response.done')[0]['response']['output'][0]['content'][0]['transcript'] == written
    assert [text for text, _, _ in client.speech.spoken] == [
        'It is twenty-three dollars and fifty cents.',
        'Look:',
        'The code is in the transcript.',
    ]


async def test_numbers_are_left_to_the_voice_in_another_language(client: Client) -> None:
    audio = {'input': {'transcription': {'language': 'de'}}}
    client.send('session.update', session={'type': 'realtime', 'audio': audio})
    client.mind.pieces = ['14:05']
    client.send('response.create')
    await client.until('response.done')
    assert [text for text, _, _ in client.speech.spoken] == ['14:05']


@pytest.mark.parametrize(
    ('audio_end_ms', 'heard'),
    [
        (1999, 'It is $23.50. Look'),
        (2000, 'It is $23.50. Look here:'),
        (3000, 'It is $23.50. Look here: ```py x = 1 ```'),
        (3500, 'It is $23.50. Look here: ```py x = 1 ``` Bye'),
        (4000, 'It is $23.50. Look here: ```py x = 1 ``` Bye now.'),
    ],
)
async def test_truncation_keeps_the_sentences_whose_sound_was_heard(
    client: Client, audio_end_ms: int, heard: str
) -> None:
    client.mind.pieces = ['It is $23.50. Look here:\n```py\nx = 1\n```\nBye now.']  # each sentence takes a second
    client.send('response.create')
    await client.until('response.done')
    item_id = client.all('response.done')[0]['response']['output'][0]['id']
    client.send('conversation.item.truncate', item_id=item_id, content_index=0, audio_end_ms=audio_end_ms)
    client.send('conversation.item.retrieve', item_id=item_id)
    assert client.all('conversation.item.retrieved')[0]['item']['content'][0]['transcript'] == heard
