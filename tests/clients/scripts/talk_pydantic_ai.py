"""A conversation by Pydantic AI's realtime sessions, over their WebSocket transport."""

import asyncio
from contextlib import suppress
from typing import Literal

from pydantic_ai import Agent
from pydantic_ai.messages import FunctionToolResultEvent, ModelResponse
from pydantic_ai.providers.openai import OpenAIProvider
from pydantic_ai.realtime import (
    RealtimeInputSpeechStartEvent,
    RealtimeSessionErrorEvent,
    RealtimeTurnCompleteEvent,
)
from pydantic_ai.realtime.openai import OpenAIRealtimeModel
from steps import MODEL, URL, Heard, done, run, spoken

agent = Agent(instructions='Be brief.')
calls: list[tuple[str, bool]] = []


@agent.tool_plain
def turn_on_light(room: Literal['kitchen', 'living room', 'bath'], on: bool) -> str:
    """Turns a light in a room on or off."""
    calls.append((room, on))
    return 'The light is on now.'


async def talk() -> None:
    model = OpenAIRealtimeModel(MODEL, provider=OpenAIProvider(base_url=URL, api_key='sk-anything'))
    heard = Heard()
    async with agent.realtime(model).session() as session:

        async def listen() -> None:
            async for event in session:
                heard.add(event)

        async def hear() -> None:
            async for sound in session.stream_audio():
                heard.add(sound)

        def answers() -> list[str]:
            parts = [part for each in session.all_messages() if isinstance(each, ModelResponse) for part in each.parts]
            return [words for part in parts if (words := words_of(part))]

        async def answer(since: int, *, like: str) -> str:
            """Wait for the end of an answer that is like this, and return its words."""
            await heard.until(lambda event: isinstance(event, RealtimeTurnCompleteEvent), since)
            async with asyncio.timeout(30):
                while not (answers() and like in answers()[-1]):  # noqa: ASYNC110  (its history tells nobody)
                    await asyncio.sleep(0.05)
            return answers()[-1]

        async def say(name: str) -> int:
            since = len(heard.all)
            sound = spoken(name, session.audio_input_sample_rate)
            for at in range(0, len(sound), 4_800):
                await session.send_audio(sound[at : at + 4_800])
            return since

        listening = asyncio.gather(listen(), hear())
        await session.create_response()
        done('greeting', await answer(0, like='Hello'))

        done('speech', await answer(await say('what_time_is_it'), like='It is'))

        since = len(heard.all)
        await session.send('What is 2 + 3?')
        done('typed turn', await answer(since, like='5'))

        since = await say('lights')
        await heard.until(lambda event: isinstance(event, FunctionToolResultEvent), since)
        assert calls == [('kitchen', True)], calls
        done('tool', f'{calls}, then “{await answer(since, like="light")}”')

        everything = str(session.all_messages()).lower()
        assert 'what time is it' in everything
        assert '2 + 3' in everything
        done('history', f'{len(session.all_messages())} messages')

        since = len(heard.all)
        await session.send('Tell me about the moon.')
        await heard.until(lambda event: isinstance(event, bytes), since)
        since = await say('stop')
        await heard.until(lambda event: isinstance(event, RealtimeInputSpeechStartEvent), since)
        await session.interrupt(played_ms=500)
        done('interruption', await answer(since, like='All right'))
        errors = [event for event in heard.all if isinstance(event, RealtimeSessionErrorEvent)]
        assert not errors, errors
        listening.cancel()
        with suppress(asyncio.CancelledError):
            await listening


def words_of(part: object) -> str:
    """Return the words of a part of an answer, written or spoken."""
    for name in ('transcript', 'content'):
        if isinstance(found := getattr(part, name, None), str):
            return found
    return ''


run(talk)
