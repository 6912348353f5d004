"""The speech workers at work: real recognition and synthesis, and what happens when something breaks."""

import asyncio
import os
import re
import signal
import sys
from array import array
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio

from components.engine.speech.frames import Cancel, Guessed, Request
from components.engine.speech.resampler import Resampler
from components.engine.speech.speech_process import HEARING_RATE, SPEECH_RATE, Hearing, SpeechError, SpeechProcess
from components.engine.speech.speech_worker import SpeechWorker
from tests.speech import heard, words

pytestmark = pytest.mark.asyncio(loop_scope='module')  # the workers' pipes belong to one event loop

LONG_TEXT = 'The moon moves away from the earth by almost four centimetres every year. ' * 40


@asynccontextmanager
async def running() -> AsyncIterator[SpeechProcess]:
    process = SpeechProcess()
    await process.start()
    try:
        yield process
    finally:
        await process.stop()


@pytest_asyncio.fixture(scope='module', loop_scope='module')
async def speech() -> AsyncIterator[SpeechProcess]:
    """Workers for all tests that only use them; loading the models takes longer than most of these tests."""
    async with running() as process:
        yield process


async def understand(speech: SpeechProcess, sentence: str) -> str:
    """Return how the recogniser understands a sentence from `tests/sounds`, fed in the steps of a live call."""
    hearing = speech.hear()
    pcm = heard(sentence)
    step = HEARING_RATE * 2 // 50
    for at in range(0, len(pcm), step):
        hearing.feed(pcm[at : at + step])
    return await hearing.finish()


async def test_the_words_so_far_can_be_asked_for(speech: SpeechProcess) -> None:
    hearing = speech.hear()
    hearing.feed(heard('what_time_is_it', 0.2))
    hearing.guess()
    assert hearing.guessed is None, 'the answer takes its time'
    understood = await hearing.finish()
    assert hearing.guessed == understood == 'What time is it?'


async def test_words_of_a_pause_are_those_of_the_utterance_that_it_ends() -> None:
    worker = SpeechWorker('recogniser')
    posted: list[Request] = []
    worker.post = posted.append  # type: ignore[method-assign, assignment]
    hearing = Hearing(worker, None)
    hearing.guess()
    hearing.go_on()
    hearing.guess()
    worker._take(Guessed(1, 'What time'))
    assert hearing.guessed is None, 'these are the words of the first pause'
    finishing = asyncio.create_task(hearing.finish())
    await asyncio.sleep(0)
    worker._take(Guessed(1, 'What time is it?'))
    assert await finishing == 'What time is it?'

    hearing = Hearing(worker, None)
    hearing.guess()
    worker._take(Guessed(2, 'Hello.'))
    posted.clear()
    assert await hearing.finish() == 'Hello.'
    assert posted == [Cancel(2)], 'nothing is asked for'


async def test_an_utterance_that_goes_on_after_a_guess_is_understood_as_without_one(speech: SpeechProcess) -> None:
    understood = []
    for guesses in (False, True):
        hearing = speech.hear()
        hearing.feed(heard('lights', 0.3))
        if guesses:
            hearing.guess()
        hearing.feed(heard(0.1, 'what_time_is_it'))
        if guesses:
            hearing.go_on()
        hearing.feed(heard(0.3))
        understood.append(words(await hearing.finish()))
    assert understood[0] == understood[1] == words('turn on the lights in the kitchen what time is it')


async def spoken(speech: SpeechProcess, text: str, voice: str = 'marin', speed: float = 1.0) -> bytes:
    return b''.join([pcm async for pcm in speech.speak(text, voice=voice, speed=speed)])


def seconds(pcm: bytes) -> float:
    return len(pcm) / 2 / SPEECH_RATE


@pytest.mark.parametrize(
    ('name', 'sentence'),
    [
        ('hello', 'hello can you hear me'),
        ('what_time_is_it', 'what time is it'),
        ('lights', 'turn on the lights in the kitchen'),
        ('what_can_you_do', 'what can you do'),
        ('moon', 'tell me about the moon'),
        ('stop', 'please stop talking'),
    ],
)
async def test_spoken_sentences_are_understood_word_for_word(speech: SpeechProcess, name: str, sentence: str) -> None:
    assert words(await understand(speech, name)) == words(sentence)


async def test_callers_are_understood_at_the_same_time(speech: SpeechProcess) -> None:
    understood = await asyncio.gather(*(understand(speech, 'what_time_is_it') for _ in range(3)))
    assert set(understood) == {'What time is it?'}


async def test_silence_has_no_words(speech: SpeechProcess) -> None:
    hearing = speech.hear()
    hearing.feed(bytes(HEARING_RATE))
    assert await hearing.finish() == ''


async def test_an_aborted_utterance_makes_room_for_the_next(speech: SpeechProcess) -> None:
    for _ in range(3):
        hearing = speech.hear()
        hearing.feed(heard('lights'))
        hearing.abort()
        with pytest.raises(SpeechError, match='given up'):
            await hearing.finish()
    assert 'stop talking' in await understand(speech, 'stop')


async def test_speech_comes_in_pieces_at_the_pace_asked_for(speech: SpeechProcess) -> None:
    pieces = [pcm async for pcm in speech.speak('Hello, I am here to talk with you.', voice='marin')]
    assert len(pieces) > 5
    usual = b''.join(pieces)
    assert 1.5 < seconds(usual) < 4.0
    assert max(usual) > 0
    assert seconds(await spoken(speech, 'Hello, I am here to talk with you.', speed=1.5)) < 0.8 * seconds(usual)


async def test_a_sentence_that_was_cut_into_phrases_is_understood_word_for_word(speech: SpeechProcess) -> None:
    text = (
        'Once upon a time, a clever fox found a shiny button, and he carried it home to his mother, who was very happy.'
    )
    resampler = Resampler(SPEECH_RATE, HEARING_RATE)
    hearing = speech.hear()
    hearing.feed(heard(0.3) + resampler.resample(await spoken(speech, text)) + resampler.finish())
    assert words(await hearing.finish()) == words(text)


async def test_sentences_said_one_by_one_do_not_run_into_each_other(speech: SpeechProcess) -> None:
    pcm = await spoken(speech, 'Hello there.')
    assert max(abs(sample) for sample in array('h', pcm)[-SPEECH_RATE // 5 :]) < 300


async def test_nothing_to_say_is_silence(speech: SpeechProcess) -> None:
    assert await spoken(speech, ' \n\0') == b''


async def test_markup_is_read_out_and_commands_nothing(speech: SpeechProcess) -> None:
    plain = await spoken(speech, 'Hello 90 P there.')
    assert seconds(await spoken(speech, 'Hello \x0190P there.\x00')) == pytest.approx(seconds(plain), rel=0.1)
    assert seconds(await spoken(speech, '<break time="9s"/> Hello [[h@l]] there.')) < 9


async def test_text_of_any_length_is_spoken_to_its_end(speech: SpeechProcess) -> None:
    assert seconds(await spoken(speech, LONG_TEXT)) > 40 * 2.5


async def test_closing_the_speech_ends_the_synthesis(speech: SpeechProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    post = SpeechWorker.post

    def watched(self: SpeechWorker, request: object, **options: bool) -> None:
        asked.append(request)
        post(self, request, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(SpeechWorker, 'post', watched)
    speaking = speech.speak(LONG_TEXT, voice='marin')
    assert await anext(speaking)
    await speaking.aclose()
    assert seconds(await spoken(speech, 'Hello.')) < 2
    assert len(asked) == 2, 'one phrase of the long text, and the short one'
    assert not speech._synthesiser._exchanges


async def test_an_unknown_voice_is_refused_with_a_sentence(speech: SpeechProcess) -> None:
    with pytest.raises(SpeechError, match='There is no voice called grandpa; choose one of alloy, '):
        await spoken(speech, 'Hello.', voice='grandpa')


async def test_a_worker_that_dies_fails_its_work_and_comes_back_with_the_next() -> None:
    async with running() as speech:
        hearing = speech.hear()
        hearing.feed(heard('hello'))
        waiting = asyncio.create_task(hearing.finish())
        os.kill(pids(speech)[0], signal.SIGKILL)
        with pytest.raises(SpeechError, match='The speech recogniser stopped unexpectedly'):
            await waiting
        hearing.feed(b'\0\0')  # the rest of the lost utterance wakes nobody
        assert 'stop talking' in await understand(speech, 'stop')

        speaking = speech.speak(LONG_TEXT, voice='marin')
        await anext(speaking)
        os.kill(pids(speech)[1], signal.SIGKILL)
        with pytest.raises(SpeechError, match='The speech synthesiser stopped unexpectedly'):
            async for _ in speaking:
                pass
        assert seconds(await spoken(speech, 'Hello.')) > 0.3
        assert speech.abilities.recogniser
        assert speech.abilities.synthesiser


async def test_stopping_leaves_no_process_and_fails_what_is_asked_later() -> None:
    async with running() as speech:
        hearing = speech.hear()
        waiting = asyncio.create_task(hearing.finish())
        processes = pids(speech)
        os.kill(processes[0], signal.SIGSTOP)  # even one that is stuck
        await speech.stop()
        for pid in processes:
            with pytest.raises(ProcessLookupError):
                os.kill(pid, 0)
        with pytest.raises(SpeechError, match='The speech recogniser is not running'):
            await waiting
        with pytest.raises(SpeechError, match='The speech synthesiser is not running'):
            await spoken(speech, 'Hello.')
        await speech.start()
        assert speech.abilities.synthesiser
        assert seconds(await spoken(speech, 'Hello.')) > 0.3


async def test_a_worker_that_does_not_answer_in_time_fails_with_a_sentence() -> None:
    worker = SpeechWorker('recogniser', answer_limit=0.01)
    await worker.start()
    try:
        with pytest.raises(SpeechError, match='too busy just now'):
            await worker.exchange().receive()
    finally:
        await worker.stop()


async def test_any_current_directory_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ('speech.py', 'json.py', 'onnxruntime.py'):
        (tmp_path / name).write_text('raise RuntimeError("the wrong module")')
    monkeypatch.chdir(tmp_path)
    async with running() as speech:
        assert speech.abilities.recogniser
        assert speech.abilities.synthesiser


@pytest.mark.parametrize('broken', ['print("chatter", flush=True); raise ImportError', 'import os; os._exit(9)'])
async def test_without_its_packages_each_stage_says_so(
    broken: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for package in ('onnxruntime', 'hibari', 'espeakng_loader'):
        (tmp_path / f'{package}.py').write_text(broken)
    monkeypatch.setenv('PYTHONPATH', str(tmp_path))
    async with running() as speech:
        abilities = speech.abilities
        assert (abilities.recogniser, abilities.synthesiser) == (None, None)
        with pytest.raises(SpeechError, match=re.escape(abilities.recogniser_problem)):
            await understand(speech, 'hello')
        with pytest.raises(SpeechError, match=re.escape(abilities.synthesiser_problem)):
            await spoken(speech, 'Hello.')
    if 'ImportError' in broken:
        assert 'moonshine-voice 0.0.73 and onnxruntime is missing' in abilities.recogniser_problem
        assert 'the packages hibari-tts and espeakng-loader are missing' in abilities.synthesiser_problem
    else:
        assert abilities.recogniser_problem == 'The speech recogniser stopped unexpectedly; please try again.'


async def test_without_a_python_to_run_them_workers_say_so_and_try_again(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(sys, 'executable', '/nowhere/python')
        speech = SpeechProcess()
        await speech.start()
        assert speech.abilities.recogniser_problem.startswith('The speech recogniser could not be started')
        with pytest.raises(SpeechError, match='could not be started'):
            await understand(speech, 'stop')
    try:
        assert 'stop talking' in await understand(speech, 'stop')
    finally:
        await speech.stop()


def pids(speech: SpeechProcess) -> tuple[int, int]:
    """The processes of the recogniser and the synthesiser."""
    ears, voice = speech._recogniser._process, speech._synthesiser._process
    assert ears
    assert voice
    return ears.pid, voice.pid
