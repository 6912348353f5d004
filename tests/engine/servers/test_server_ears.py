"""Ears on another server: the request, the words from its answer, and the error when it fails."""

import asyncio
import io
import json
import socket
import wave

import pytest

from components.engine.servers.client import open_client
from components.engine.servers.server_ears import ServerEars
from components.engine.servers.stage_server import StageServer
from components.engine.speech.speech_process import SpeechError
from tests.engine.speech_server import Answer, SpeechServer, answer, nothing, stream

KEY = 'canary-1234567890'
SECOND = bytes(32_000)
HEARD = answer(json.dumps({'text': ' Where is\n the station? '}).encode())


async def understand(url: str, *, pcm: bytes = SECOND, language: str | None = None, seconds: float = 30.0) -> str:
    server = StageServer(url, 'whisper-1', KEY)
    async with open_client(server, answer_seconds=seconds) as client:
        hearing = ServerEars(server, client).hear(language=language)
        for at in range(0, len(pcm), 6_400_000):
            hearing.feed(pcm[at : at + 6_400_000])
        return await hearing.finish()


async def problem(how: Answer, seconds: float = 30.0) -> tuple[str, SpeechServer]:
    """The error when a server answers like this."""
    async with SpeechServer(how) as server, asyncio.timeout(10):
        with pytest.raises(SpeechError) as caught:
            await understand(server.url, seconds=seconds)
    sentence = str(caught.value)
    assert sentence.startswith(f'Speech recognition at {StageServer(server.url, "").host} ')
    assert sentence.endswith('.')
    assert 'canary' not in sentence
    return sentence, server


async def test_an_utterance_becomes_a_wav_file_and_the_answer_words() -> None:
    async with SpeechServer(HEARD) as server:
        assert await understand(server.url, pcm=b'\1\2' * 8000, language='pt-BR') == 'Where is the station?'
    [question] = server.questions
    assert question.path == '/v1/audio/transcriptions'
    assert question.headers['Authorization'] == f'Bearer {KEY}'
    file = question.form.pop('file')
    assert {**question.form, 'file': b''} == {
        'model': b'whisper-1',
        'response_format': b'json',
        'language': b'pt',
        'file': b'',
    }
    with wave.open(io.BytesIO(file)) as sound:
        assert (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (16_000, 1, 2)
        assert sound.readframes(9000) == b'\1\2' * 8000


async def test_an_unknown_language_is_not_sent() -> None:
    async with SpeechServer(HEARD) as server:
        await understand(server.url)
    assert 'language' not in server.questions[0].form


async def test_without_sound_no_request_is_sent() -> None:
    async with SpeechServer(HEARD) as server:
        assert await understand(server.url, pcm=b'') == ''
    assert server.questions == []


async def test_a_very_long_utterance_is_sent_in_pieces() -> None:
    async with SpeechServer(HEARD) as server:
        words = await understand(server.url, pcm=bytes(15 * 60 * 32_000))
    assert words == 'Where is the station? Where is the station?'
    assert max(len(question.body) for question in server.questions) < 25_000_000


async def test_a_server_that_is_not_there() -> None:
    with socket.create_server(('127.0.0.1', 0)) as closed:
        url = f'http://127.0.0.1:{closed.getsockname()[1]}/v1'
    with pytest.raises(SpeechError, match=r'reached\. Start that server, or correct ENGINE_EARS_URL in \.env\.$'):
        await understand(url)


async def test_a_server_that_never_answers() -> None:
    sentence, server = await problem(nothing, seconds=0.05)
    assert 'took too long to answer. Try again, or choose a faster model with ENGINE_EARS_MODEL' in sentence
    async with asyncio.timeout(5):
        await server.left.wait()


async def test_a_server_that_stops_in_the_middle() -> None:
    assert 'took too long' in (await problem(stream(b'{"text": ', asyncio.Event()), seconds=0.05))[0]
    assert 'broke off in the middle' in (await problem(stream(b'{"text": ', ends=False)))[0]


@pytest.mark.parametrize(
    ('status', 'advice'),
    [
        ('401 Unauthorized', 'status 401: “No!”. Check ENGINE_EARS_KEY in .env.'),
        (
            '404 Not Found',
            'status 404: “No!”. Check ENGINE_EARS_URL, which for most servers ends with /v1, and ENG',
        ),
        ('307 Temporary Redirect', 'status 307: “No!”. Check ENGINE_EARS_URL, which'),
        ('422 Unprocessable Entity', 'status 422: “No!”. Check ENGINE_EARS_MODEL in .env.'),
        ('429 Too Many Requests', 'status 429: “No!”. Wait a little, then try again.'),
        ('500 Internal Server Error', 'status 500: “No!”. Try again; if that does not help, look at the log of that'),
    ],
)
async def test_a_server_that_refuses(status: str, advice: str) -> None:
    assert advice in (await problem(answer(b'{"error": {"message": "No!"}}', status=status)))[0]


@pytest.mark.parametrize(
    ('body', 'said'),
    [
        (b'{"error": "model not found."}', ': “model not found”. '),
        (b'{"detail": {"message": "no such\\nmodel"}}', ': “no such model”. '),
        (b'{"detail": [{"loc": []}]}', '. '),
        (b'<html>Oh</html>', '. '),
        (b'\xff' * 100_000, ': “…”. '),
        (b'[' * 50_000, ': “…”. '),
        (
            f'{{"error": {{"message": "Incorrect API key: {KEY}, or sk-canary-12*****90"}}}}'.encode(),
            ': “Incorrect API key: …, or sk-…”. ',
        ),
    ],
)
async def test_the_error_message_of_a_server_is_quoted_without_keys(body: bytes, said: str) -> None:
    assert f'refused with status 500{said}' in (await problem(answer(body, status='500 Oh')))[0]


@pytest.mark.parametrize('body', [b'', b'Hello', b'[]', b'{"words": "Hello"}', b'{"text": null}', b'\xff\xfe'])
async def test_an_answer_without_words(body: bytes) -> None:
    assert (
        'answered with text/html instead of words. Check ENGINE_EARS_URL in .env'
        in (await problem(answer(body, kind='text/html; charset=utf-8')))[0]
    )


async def test_cancelling_closes_the_connection_at_once() -> None:
    async with SpeechServer(nothing) as server:
        asking = asyncio.create_task(understand(server.url))
        async with asyncio.timeout(5):
            await server.asked.wait()
            asking.cancel()
            await server.left.wait()
