"""An engine whose ears and voice are other servers, called by the `openai` package's own client."""

import asyncio
import json
from typing import cast

from openai.types.realtime import RealtimeSessionCreateRequestParam

from components.engine import Engine, StageServers
from components.engine.servers.stage_server import StageServer
from tests.engine.served import Served, connected
from tests.engine.speech_server import SpeechServer, answer, stream

MODEL = 'gpt-realtime-2.1'
TRANSCRIPTION = 'conversation.item.input_audio_transcription'
WORDS = answer(json.dumps({'text': 'What time is it?'}).encode())
PIECE = bytes([0, 16]) * 2400  # 0.1 seconds
TRANSCRIBED = cast(
    RealtimeSessionCreateRequestParam,
    {'type': 'realtime', 'audio': {'input': {'transcription': {'model': 'whisper-1', 'language': 'en'}}}},
)


def engine(ears: SpeechServer, voice: SpeechServer) -> Engine:
    servers = StageServers(StageServer(ears.url, 'whisper-1'), None, StageServer(voice.url, 'kokoro'), 'af_heart')
    return Engine(servers=servers)


async def test_a_spoken_turn() -> None:
    rest = asyncio.Event()
    async with (
        SpeechServer(WORDS) as ears,
        SpeechServer(stream(PIECE, rest, PIECE)) as voice,
        Served(engine(ears, voice)) as served,
        connected(served.client().realtime.connect(model=MODEL)) as client,
    ):
        await client.connection.session.update(session=TRANSCRIBED)
        await client.append(0.5, 'what_time_is_it', 1.0)
        assert (await client.until(f'{TRANSCRIPTION}.completed'))['transcript'] == 'What time is it?'
        await client.until('response.output_audio.delta')  # while the server has not sent everything
        rest.set()
        done = await client.until('response.done')
        assert done['response']['status'] == 'completed'
        said = ''.join(question.json['input'] for question in voice.questions)
        assert said.startswith('It is')
        assert client.sound() == PIECE * 2 * len(voice.questions), 'nothing is lost, and nothing is resampled'
    assert [question.form['language'] for question in ears.questions] == [b'en']
    assert {question.json['voice'] for question in voice.questions} == {'af_heart'}


async def test_an_interruption_ends_the_work_of_the_server() -> None:
    async with (
        SpeechServer(WORDS) as ears,
        SpeechServer(stream(PIECE, asyncio.Event())) as voice,
        Served(engine(ears, voice)) as served,
        connected(served.client().realtime.connect(model=MODEL)) as client,
    ):
        await client.connection.response.create()
        await client.until('response.output_audio.delta')
        assert not voice.left.is_set()
        await client.connection.response.cancel()
        assert (await client.until('response.done'))['response']['status'] == 'cancelled'
        async with asyncio.timeout(10):
            await voice.left.wait()


async def test_a_server_that_fails_costs_a_turn_and_not_the_session() -> None:
    broken = answer(b'{"error": "Out of memory"}', status='500 Internal Server Error')
    async with (
        SpeechServer(broken) as ears,
        SpeechServer(broken) as voice,
        Served(engine(ears, voice)) as served,
        connected(served.client().realtime.connect(model=MODEL)) as client,
    ):
        await client.connection.session.update(session=TRANSCRIBED)
        await client.append(0.5, 'what_time_is_it', 1.0)
        deaf = (await client.until(f'{TRANSCRIPTION}.failed'))['error']['message']
        assert deaf.startswith('Speech recognition at 127.0.0.1:')
        assert 'refused with status 500: “Out of memory”.' in deaf
        assert problem(await client.until('response.done')) == deaf

        ears.answer = WORDS
        await client.append('what_time_is_it', 1.0)
        await client.until(f'{TRANSCRIPTION}.completed')
        assert problem(await client.until('response.done', count=2)).startswith('The voice at 127.0.0.1:')

        voice.answer = stream(PIECE)
        await client.append('what_time_is_it', 1.0)
        assert (await client.until('response.done', count=3))['response']['status'] == 'completed'


def problem(done: dict[str, dict[str, dict[str, dict[str, str]]]]) -> str:
    """Return why a response failed."""
    return done['response']['status_details']['error']['message']
