"""A voice on another server: the request, sound from the first bytes on, and the error when it fails."""

import asyncio
import io
import struct
import wave
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager

import pytest

from components.engine.servers.client import open_client
from components.engine.servers.server_voice import ServerVoice
from components.engine.servers.stage_server import StageServer
from components.engine.speech.speech_process import SpeechError
from tests.engine.speech_server import Answer, SpeechServer, answer, nothing, stream

PCM = struct.pack('<4800h', *range(4800))  # 0.2 seconds


@asynccontextmanager
async def speaking(
    how: Answer, text: str = 'Hello there.', *, name: str = '', seconds: float = 30.0
) -> AsyncIterator[tuple[SpeechServer, AsyncGenerator[bytes, None]]]:
    async with SpeechServer(how) as server, asyncio.timeout(10):
        stage = StageServer(server.url, 'tts-1')
        async with (
            open_client(stage, answer_seconds=seconds) as client,
            aclosing(ServerVoice(stage, client, name).speak(text, voice='marin', speed=1.25)) as pieces,
        ):
            yield server, pieces


async def sound_of(how: Answer) -> bytes:
    async with speaking(how) as (_, pieces):
        return b''.join([pcm async for pcm in pieces])


async def problem(how: Answer, seconds: float = 30.0) -> str:
    async with speaking(how, seconds=seconds) as (_, pieces):
        with pytest.raises(SpeechError) as caught:
            async for _pcm in pieces:
                pass
    return str(caught.value)


async def test_the_server_is_asked_for_pcm_in_the_voice_of_the_session() -> None:
    async with speaking(stream(PCM)) as (server, pieces):
        assert b''.join([pcm async for pcm in pieces]) == PCM
    [question] = server.questions
    assert question.path == '/v1/audio/speech'
    assert question.headers['Authorization'] is None
    assert question.json == {
        'model': 'tts-1',
        'input': 'Hello there.',
        'voice': 'marin',
        'response_format': 'pcm',
        'speed': 1.25,
    }


async def test_a_configured_voice_replaces_that_of_the_session() -> None:
    async with speaking(stream(PCM), name='af_heart') as (server, pieces):
        await anext(pieces)
    assert server.questions[0].json['voice'] == 'af_heart'


async def test_no_text_sends_no_request_and_a_long_text_two() -> None:
    async with speaking(stream(PCM), text=' \n') as (server, pieces):
        assert [pcm async for pcm in pieces] == []
        assert server.questions == []
    async with speaking(stream(PCM), text='All is well. ' * 400) as (server, pieces):
        assert b''.join([pcm async for pcm in pieces]) == PCM * 2
        assert all(len(question.json['input']) <= 4096 for question in server.questions)


async def test_sound_starts_with_the_first_bytes() -> None:
    rest = asyncio.Event()
    async with speaking(stream(PCM[:2400], rest, PCM[2400:])) as (_, pieces):
        first = await anext(pieces)
        assert first == PCM[:2400]
        rest.set()
        assert first + b''.join([pcm async for pcm in pieces]) == PCM


async def test_a_sample_may_come_in_two_pieces() -> None:
    assert await sound_of(stream(PCM[:1], PCM[1:1001], PCM[1001:])) == PCM


@pytest.mark.parametrize('cancelled', [True, False])
async def test_closing_or_cancelling_closes_the_connection_at_once(cancelled: bool) -> None:
    async with speaking(stream(PCM, asyncio.Event())) as (server, pieces):
        await anext(pieces)
        if cancelled:
            waiting = asyncio.ensure_future(anext(pieces))
            await asyncio.sleep(0)
            waiting.cancel()
        else:
            await pieces.aclose()
        await server.left.wait()


async def test_a_server_that_never_answers_or_stops() -> None:
    assert 'took too long to answer' in await problem(nothing, seconds=0.05)
    assert 'took too long to answer' in await problem(stream(PCM, asyncio.Event()), seconds=0.05)


async def test_a_server_that_breaks_off() -> None:
    assert 'broke off in the middle' in await problem(stream(PCM, ends=False))


async def test_a_server_that_refuses() -> None:
    sentence = await problem(answer(b'{"detail": "Voice marin not found."}', status='400 Bad Request'))
    assert 'status 400: “Voice marin not found”. Check ENGINE_VOICE_MODEL and ENGINE_VOICE_NAME in .env.' in sentence


@pytest.mark.parametrize('kind', ['text/html', 'application/json', 'audio/mpeg'])
async def test_an_answer_that_is_not_pcm(kind: str) -> None:
    expected = f'answered with {kind} instead of PCM sound. Check ENGINE_VOICE_URL in .env'
    assert expected in await problem(answer(PCM, kind=kind))


@pytest.mark.parametrize(('rate', 'channels'), [(24_000, 1), (22_050, 1), (44_100, 2)])
async def test_a_wav_file_is_accepted_as_well(rate: int, channels: int) -> None:
    file = wav(rate, channels, seconds=1)
    pieces = [file[at : at + 1000] for at in range(0, len(file), 1000)]
    assert len(await sound_of(stream(*pieces, kind='audio/wav'))) == pytest.approx(48_000, abs=8)


async def test_a_wav_file_of_unknown_length_and_one_with_an_appendix() -> None:
    file = wav(24_000, 1, seconds=1)
    endless = file[:40] + b'\xff\xff\xff\xff' + file[44:]
    assert len(await sound_of(answer(endless, kind='audio/x-wav'))) == 48_000
    assert len(await sound_of(answer(file + b'LIST\4\0\0\0abcd', kind='audio/x-wav'))) == 48_000


@pytest.mark.parametrize('broken', [slice(20, 22), slice(34, 36)])
async def test_a_wav_file_of_another_kind(broken: slice) -> None:
    file = bytearray(wav(24_000, 1, seconds=1))
    file[broken] = b'\x18\x00'
    assert 'answered with a WAV file that is not 16-bit PCM' in await problem(answer(bytes(file), kind='audio/wav'))


def wav(rate: int, channels: int, *, seconds: int) -> bytes:
    file = io.BytesIO()
    with wave.open(file, 'wb') as writer:
        writer.setnchannels(channels)
        writer.setsampwidth(2)
        writer.setframerate(rate)
        writer.writeframes(bytes(2 * channels * rate * seconds))
    return file.getvalue()
