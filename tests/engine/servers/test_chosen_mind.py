"""The mind changes while the engine runs."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from components.engine import Engine
from components.engine.local_mind.local_mind import LocalMind
from components.engine.local_mind.models import LocalModel
from components.engine.minds.mind import MindError, Piece, Prompt
from components.engine.minds.rehearsal_mind import RehearsalMind
from components.engine.protocol.items import Message, Part
from components.engine.servers.chosen_mind import ChosenMind
from components.engine.servers.stage_server import StageServer

PROMPT = Prompt((Message('user', [Part('input_text', 'What is 2 plus 3?')]),))
MISSING = LocalModel(Path('missing.gguf'), 'Missing')


async def answer(mind: ChosenMind) -> str:
    return ''.join([piece async for piece in mind.answer(PROMPT) if isinstance(piece, str)])


async def test_the_next_answer_comes_from_the_new_mind() -> None:
    mind = ChosenMind(None)
    assert '5' in await answer(mind)
    mind.choose(MISSING)
    assert mind.choice == MISSING
    with pytest.raises(MindError, match='Missing is not on this computer'):
        await answer(mind)
    assert mind.notice
    mind.choose(StageServer('http://127.0.0.1:1/v1', 'none'))
    with pytest.raises(MindError, match='cannot be reached'):
        await answer(mind)
    mind.choose(None)
    assert '5' in await answer(mind)
    assert mind.notice is None
    await mind.stop()


async def test_a_running_answer_is_finished_by_its_own_mind(monkeypatch: pytest.MonkeyPatch) -> None:
    stopped: list[str] = []
    go_on = asyncio.Event()

    async def stop(self: LocalMind) -> None:
        stopped.append(self.model.name)

    async def slow(self: LocalMind, prompt: Prompt) -> AsyncGenerator[Piece, None]:
        yield 'one '
        await go_on.wait()
        yield 'two'

    monkeypatch.setattr(LocalMind, 'stop', stop)
    monkeypatch.setattr(LocalMind, 'answer', slow)
    mind = ChosenMind(MISSING)
    pieces = mind.answer(PROMPT)
    assert await anext(pieces) == 'one '
    mind.choose(None)
    assert '5' in await answer(mind)
    assert stopped == []
    go_on.set()
    assert [piece async for piece in pieces] == ['two']
    await asyncio.gather(*mind._closing)
    assert stopped == ['Missing']
    await mind.stop()


async def test_a_mind_of_the_program_stays() -> None:
    given = RehearsalMind()
    mind = ChosenMind(None, given)
    mind.choose(MISSING)
    assert '5' in await answer(mind)


async def test_no_mind_says_its_reasoning() -> None:
    class ThinkingMind:
        async def answer(self, prompt: Prompt) -> AsyncGenerator[Piece, None]:
            for piece in ('<thi', 'nk>Hm.</think>', '\n\nIt is 5.'):
                yield piece

    assert await answer(ChosenMind(None, ThinkingMind())) == 'It is 5.'


async def test_a_mind_that_is_chosen_while_the_engine_starts_answers() -> None:
    engine = Engine()
    engine.expect_call()
    await engine.choose_mind(MISSING)
    assert engine.mind == MISSING
    assert [notice.code for notice in engine.news] == ['local_no_file']
    await engine.choose_mind(None)
    assert engine.news == []
    await engine.stop()
    await engine.choose_mind(MISSING)  # for the next start
    assert engine.mind == MISSING
    assert engine.news == []
