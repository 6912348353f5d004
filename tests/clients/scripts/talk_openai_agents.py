"""A conversation by the OpenAI Agents SDK, over its WebSocket transport."""

import asyncio
from typing import Literal

from agents import function_tool
from agents.realtime import RealtimeAgent, RealtimeModelSendRawMessage, RealtimeRunner
from steps import MODEL, SOCKET_URL, Heard, done, run, spoken

calls: list[tuple[str, bool]] = []


@function_tool
def turn_on_light(room: Literal['kitchen', 'living room', 'bath'], on: bool) -> str:
    """Turns a light in a room on or off."""
    calls.append((room, on))
    return 'The light is on now.'


async def talk() -> None:
    agent = RealtimeAgent(name='Assistant', instructions='Be brief.', tools=[turn_on_light])
    settings = {'model_name': MODEL, 'audio': {'input': {'transcription': {'model': 'gpt-realtime-whisper'}}}}
    runner = RealtimeRunner(agent, config={'model_settings': settings, 'tracing_disabled': True})
    config = {'api_key': 'sk-anything', 'url': f'{SOCKET_URL}/realtime?model={MODEL}'}
    session = await runner.run(model_config=config)
    heard = Heard()

    async def listen() -> None:
        async for event in session:
            heard.add(event)

    def history() -> list[tuple[str, str]]:
        found = [event for event in heard.all if event.type == 'history_updated']
        items = found[-1].history if found else []
        return [(item.role, words(item)) for item in items if item.type == 'message']

    async def answer(since: int) -> str:
        """Wait for the end of an answer, and return its words."""
        await heard.until(lambda event: event.type == 'audio_end', since)
        await heard.until(lambda event: event.type == 'agent_end', since)
        await heard.until(lambda _: history()[-1][0] == 'assistant' and history()[-1][1], since)
        return history()[-1][1]

    async def say(name: str) -> int:
        since = len(heard.all)
        sound = spoken(name)
        for at in range(0, len(sound), 4_800):
            await session.send_audio(sound[at : at + 4_800])
        return since

    async with session:
        listening = asyncio.create_task(listen())
        greet = {'type': 'response.create', 'other_data': {'response': {'instructions': 'Greet the user.'}}}
        await session.model.send_event(RealtimeModelSendRawMessage(message=greet))
        done('greeting', await answer(0))

        said = await answer(await say('what_time_is_it'))
        assert 'It is' in said, said
        done('speech', said)

        since = len(heard.all)
        await session.send_message('What is 2 + 3?')
        said = await answer(since)
        assert '5' in said, said
        done('typed turn', said)

        since = await say('lights')
        ended = await heard.until(lambda event: event.type == 'tool_end', since)
        assert calls == [('kitchen', True)], calls
        done('tool', f'{calls}, then “{await answer(since)}”: {ended.output}')

        users = [text.lower() for role, text in history() if role == 'user']
        assert any('what time is it' in text for text in users), users
        assert any('2 + 3' in text for text in users), users
        done('history', f'{len(history())} messages')

        since = len(heard.all)
        await session.send_message('Tell me about the moon.')
        await heard.until(lambda event: event.type == 'audio', since)
        since = await say('stop')
        await heard.until(lambda event: event.type == 'audio_interrupted', since)
        await heard.until(lambda _: history()[-1] == ('assistant', 'All right.'), since)
        done('interruption', [text[:40] for _, text in history()[-3:]])
        listening.cancel()
    errors = [event.error for event in heard.all if event.type == 'error']
    assert not errors, errors


def words(item: object) -> str:
    """Return the words of a message, typed or spoken."""
    parts = [getattr(part, 'text', None) or getattr(part, 'transcript', None) or '' for part in item.content]
    return ' '.join(parts)


run(talk)
