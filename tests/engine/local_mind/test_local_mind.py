"""A local mind with real weights: what counts is that it streams, stops and remembers, not what it says."""

import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from components.engine.local_mind import local_mind, window
from components.engine.local_mind.local_mind import LocalMind
from components.engine.local_mind.messages import Chunk
from components.engine.local_mind.models import LocalModel
from components.engine.minds.mind import CallPiece, CutShort, MindError, Piece, Prompt
from components.engine.protocol.items import Item, Message, Part
from components.engine.protocol.tools import FunctionTool
from components.engine.protocol.wire import Json

pytestmark = pytest.mark.asyncio(loop_scope='session')

INSTRUCTIONS = 'You are a friendly assistant in a conversation by voice. Answer in one short sentence.'


@pytest_asyncio.fixture(scope='module', loop_scope='session')
async def mind(model_file: Path) -> AsyncIterator[LocalMind]:
    mind = LocalMind(LocalModel(model_file, 'SmolLM2'), context=512)
    yield mind
    await mind.stop()


def said(*texts: str) -> tuple[Item, ...]:
    """Return a conversation in which user and assistant take turns."""
    return tuple(
        Message('assistant', [Part('output_text', text)]) if index % 2 else Message('user', [Part('input_text', text)])
        for index, text in enumerate(texts)
    )


async def pieces(mind: LocalMind, prompt: Prompt) -> list[Piece]:
    """Return the pieces of an answer, up to a limit of its length."""
    found: list[Piece] = []
    with pytest.raises(CutShort, match='max_output_tokens'):
        await _collect(mind.answer(prompt), found)
    return found


async def _collect(answer: AsyncGenerator[Piece, None], found: list[Piece]) -> None:
    async for piece in answer:
        found.append(piece)


async def test_it_answers_in_pieces_up_to_the_limit(mind: LocalMind) -> None:
    found = await pieces(mind, Prompt(said('Tell me a long story about a fox.'), INSTRUCTIONS, max_tokens=8))
    assert 4 <= len(found) <= 8
    assert ''.join(map(str, found)).strip()
    assert mind.notice is None


async def test_a_second_turn_evaluates_only_what_is_new(mind: LocalMind) -> None:
    question = said('Tell me something about the weather in autumn.')
    answer = ''.join(map(str, await pieces(mind, Prompt(question, INSTRUCTIONS, max_tokens=4))))
    first = mind.timings['cache_n'] + mind.timings['prompt_n']
    await pieces(mind, Prompt((*question, *said('', answer, 'Why?')[1:]), INSTRUCTIONS, max_tokens=2))
    assert mind.timings['cache_n'] >= first - 4
    assert mind.timings['prompt_n'] < 20


async def test_the_instructions_are_evaluated_ahead(mind: LocalMind) -> None:
    instructions = 'You know everything about gardens. Answer in one short sentence. ' * 4
    mind.prepare(Prompt((), 'These instructions are replaced at once.'))
    mind.prepare(Prompt((), instructions))
    assert mind._preparation
    await mind._preparation
    ahead = mind.timings['cache_n'] + mind.timings['prompt_n']
    await pieces(mind, Prompt(said('When do roses bloom?'), instructions, max_tokens=2))
    assert mind.timings['cache_n'] >= ahead - 10


async def test_nothing_is_prepared_while_the_model_answers(mind: LocalMind) -> None:
    before = mind._preparation
    async with aclosing(mind.answer(Prompt(said('Count to one million.')))) as answer:
        await anext(answer)
        mind.prepare(Prompt((), INSTRUCTIONS))
        assert mind._preparation is before


async def test_conversations_with_the_same_instructions_do_not_drive_each_other_out(mind: LocalMind) -> None:
    conversations = [said(f'My name is {name}, and I like to talk about {name}.') for name in ('Ada', 'Ben')]
    for conversation in conversations:
        await pieces(mind, Prompt(conversation, INSTRUCTIONS, max_tokens=2))
    first = mind.timings['cache_n'] + mind.timings['prompt_n']
    for conversation in conversations:
        await pieces(mind, Prompt((*conversation, *said('Why?')), INSTRUCTIONS, max_tokens=2))
        assert mind.timings['cache_n'] >= first - 4


async def test_a_closed_answer_ends_the_work_on_it(mind: LocalMind) -> None:
    async with aclosing(mind.answer(Prompt(said('Count to one million.')))) as answer:
        await anext(answer)
        await anext(answer)
    await pieces(mind, Prompt(said('Hello, how are you today?'), max_tokens=3))
    assert not mind._process._replies


async def test_a_long_conversation_loses_its_beginning(mind: LocalMind) -> None:
    long = said(*['The quick brown fox jumps over the lazy dog, again and again.'] * 101)
    await pieces(mind, Prompt(long, INSTRUCTIONS, max_tokens=3))
    assert 150 < mind.timings['cache_n'] + mind.timings['prompt_n'] < 512


async def test_an_estimate_that_was_too_low_is_corrected(mind: LocalMind, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(window, '_text_tokens', lambda text: len(text) / 20)
    long = said(*['1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0'] * 61)
    await pieces(mind, Prompt(long, INSTRUCTIONS, max_tokens=3))
    assert mind.timings['cache_n'] + mind.timings['prompt_n'] < 512


async def test_one_message_beyond_the_context_gets_a_sentence(mind: LocalMind) -> None:
    with pytest.raises(MindError, match='longer than the local model can read at once'):
        await anext(mind.answer(Prompt(said('word ' * 3000), INSTRUCTIONS)))


async def test_pictures_become_a_remark(mind: LocalMind) -> None:
    look = Message('user', [Part('input_text', 'What is this?'), Part('input_image', 'data:image/png;base64,AAAA')])
    assert await pieces(mind, Prompt((look,), max_tokens=2))


async def test_function_calls_come_in_pieces(mind: LocalMind, monkeypatch: pytest.MonkeyPatch) -> None:
    async def replies(request: dict[str, Any]) -> AsyncGenerator[Chunk, None]:
        assert [tool['function']['name'] for tool in request['tools']] == ['get_time']
        for arguments in ('{"zone":', '"UTC"}'):
            call = {'index': 0, 'id': 'call_1', 'type': 'function', 'function': {'name': 'get_time'}}
            call['function'] = {'name': 'get_time', 'arguments': arguments}
            yield Chunk(1, {'choices': [{'delta': {'tool_calls': [call]}, 'finish_reason': None}]})
        yield Chunk(1, {'choices': [{'delta': {}, 'finish_reason': 'tool_calls'}]})

    monkeypatch.setattr(mind._process, 'answer', replies)
    prompt = Prompt(said('What time is it?'), INSTRUCTIONS, (FunctionTool('get_time', 'Tells the time.'),))
    assert [piece async for piece in mind.answer(prompt)] == [
        CallPiece('get_time', 'call_1', '{"zone":'),
        CallPiece('get_time', 'call_1', '"UTC"}'),
    ]


async def test_a_required_call_is_made_by_any_model(mind: LocalMind) -> None:
    zone: Json = {'type': 'object', 'properties': {'zone': {'enum': ['UTC']}}, 'required': ['zone']}
    tools = (FunctionTool('get_time', 'Tells the time.', zone),)
    prompt = Prompt(said('What time is it?'), INSTRUCTIONS, tools, must_call=True)
    [call] = [piece async for piece in mind.answer(prompt)]
    assert isinstance(call, CallPiece)
    assert (call.name, json.loads(call.arguments)) == ('get_time', {'zone': 'UTC'})


async def test_a_killed_process_is_reported_and_replaced(mind: LocalMind) -> None:
    answer = mind.answer(Prompt(said('Count to one million.')))
    await anext(answer)
    process = mind._process._process
    assert process
    process.kill()
    with pytest.raises(MindError, match=r'SmolLM2 stopped unexpectedly.* Ask again, or choose a smaller model'):
        _ = [piece async for piece in answer]
    assert mind.notice
    assert mind.notice.code == 'local_died'
    await pieces(mind, Prompt(said('Hello, how are you today?'), max_tokens=3))
    assert mind.notice is None


async def refusal(path: Path) -> str:
    mind = LocalMind(LocalModel(path, 'Some model'))
    mind.start()
    with pytest.raises(MindError) as error:
        await anext(mind.answer(Prompt(said('Hello'))))
    assert mind.notice == str(error.value)
    await mind.stop()
    return str(error.value)


async def test_a_file_that_is_missing_or_no_model_gets_a_sentence(tmp_path: Path, model_file: Path) -> None:
    path = tmp_path / 'model.gguf'
    assert f'put its file at {path}' in await refusal(path)
    path.write_bytes(b'<html>Not found</html>')
    assert f'{path} is not a GGUF model' in await refusal(path)
    with model_file.open('rb') as file:
        path.write_bytes(file.read(1_000_000))
    assert 'could not be loaded: the file is damaged' in await refusal(path)


async def test_a_missing_package_gets_a_sentence(
    mind: LocalMind, monkeypatch: pytest.MonkeyPatch, model_file: Path
) -> None:
    monkeypatch.setattr(local_mind, 'find_spec', lambda name: None)
    assert 'run pip install xllamacpp' in await refusal(model_file)
