"""The first sentence of an answer, spoken while the user pauses."""

import asyncio
from collections.abc import Sequence

from components.engine.minds.mind import CallPiece, Piece
from tests.engine.fakes import Client

SENTENCES = ['It is noon. ', 'Time to eat.']


async def paused(
    pieces: Sequence[Piece | Exception] = SENTENCES,
    *,
    quick: bool = True,
    ahead: bool = True,
    guess: str = 'what time is it',
) -> Client:
    """A user who pauses after a question, for so long that all has happened which does not wait for more."""
    client = Client(ahead=ahead)
    client.mind.pieces = [*pieces]
    client.mind.quick = quick
    client.speech.guess = guess
    client.hear(1.0, 'what_time_is_it', 0.1)
    await work()
    return client


def spoken(client: Client) -> list[str]:
    return [text.strip() for text, _, _ in client.speech.spoken]


async def work() -> None:
    for _ in range(50):
        await asyncio.sleep(0)


async def test_the_first_sentence_is_there_when_the_turn_ends() -> None:
    client = await paused()
    assert spoken(client) == ['It is noon.']
    assert not client.all('response.created')
    client.say(0.5)
    await client.until('response.done')
    assert spoken(client) == ['It is noon.', 'Time to eat.']
    assert client.all('response.done')[0]['response']['output'][0]['content'][0]['transcript'] == ''.join(SENTENCES)
    assert client.transport.playbacks[0].milliseconds == 2000


async def test_another_answer_is_spoken_anew() -> None:
    client = await paused()
    client.mind.pieces = ['It is one. ']
    client.say(0.5)
    await client.until('response.done')
    assert spoken(client) == ['It is noon.', 'It is one.']
    assert client.transport.playbacks[0].milliseconds == 1000


async def test_another_voice_speaks_anew() -> None:
    client = await paused()
    client.send('session.update', session={'type': 'realtime', 'audio': {'output': {'voice': 'cedar'}}})
    client.say(0.5)
    await client.until('response.done')
    assert [voice for _, voice, _ in client.speech.spoken] == ['marin', 'cedar', 'cedar']


async def test_each_pause_has_its_own_sentence() -> None:
    client = await paused()
    client.mind.pieces = ['It is one. ']
    client.hear('what_time_is_it', 0.1)
    await work()
    client.say(0.5)
    await client.until('response.done')
    assert spoken(client) == ['It is noon.', 'It is one.']
    assert len(client.all('response.created')) == 1


async def test_a_sentence_that_fails_is_a_failed_answer() -> None:
    client = await paused(pieces=[RuntimeError()])
    client.say(0.5)
    await client.until('response.done')
    assert client.all('response.done')[0]['response']['status'] == 'failed'


async def test_function_calls_wait_for_the_turn() -> None:
    client = await paused(pieces=[CallPiece('light', 'call_1', '{}')])
    assert not client.all('response.function_call_arguments.done')
    client.say(0.5)
    await client.until('response.done')
    assert len(client.all('response.function_call_arguments.done')) == 1


async def test_a_session_that_ends_leaves_nothing_behind() -> None:
    client = await paused()
    await client.session.close()
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_costly_stages_and_unfinished_sentences_wait() -> None:
    for client in (await paused(quick=False), await paused(ahead=False), await paused(guess='i want to')):
        assert client.speech.hearings[0].guesses == 1
        assert not client.speech.spoken
