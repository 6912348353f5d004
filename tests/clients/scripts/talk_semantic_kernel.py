"""A conversation by Semantic Kernel's realtime client, over its WebSocket transport."""

import asyncio
import base64
from contextlib import suppress
from typing import Annotated

from openai import AsyncOpenAI
from semantic_kernel import Kernel
from semantic_kernel.connectors.ai.function_choice_behavior import FunctionChoiceBehavior
from semantic_kernel.connectors.ai.open_ai import (
    ListenEvents,
    OpenAIRealtimeExecutionSettings,
    OpenAIRealtimeWebsocket,
    SendEvents,
)
from semantic_kernel.contents import AudioContent, ChatHistory, RealtimeAudioEvent, RealtimeTextEvent, TextContent
from semantic_kernel.contents.realtime_events import RealtimeEvent, RealtimeFunctionResultEvent
from semantic_kernel.functions import kernel_function
from steps import MODEL, URL, Heard, done, run, spoken

calls: list[tuple[str, bool]] = []


class Lights:
    @kernel_function(name='turn_on_light', description='Turns a light in a room on or off.')
    def turn_on_light(self, room: Annotated[str, 'The room, such as kitchen'], on: bool) -> str:
        calls.append((room, on))
        return 'The light is on now.'


async def talk() -> None:
    kernel = Kernel()
    kernel.add_plugin(Lights(), plugin_name='lights')
    client = AsyncOpenAI(base_url=URL, api_key='sk-anything')
    service = OpenAIRealtimeWebsocket(ai_model_id=MODEL, api_key='sk-anything', client=client)
    settings = OpenAIRealtimeExecutionSettings(
        instructions='Be brief.',
        voice='marin',
        turn_detection={'type': 'server_vad', 'create_response': True, 'interrupt_response': True},
        input_audio_transcription={'model': 'gpt-4o-transcribe'},
        function_choice_behavior=FunctionChoiceBehavior.Auto(),
    )
    history = ChatHistory()
    history.add_user_message('My name is Ada.')
    history.add_assistant_message('Hello, Ada.')
    heard = Heard()

    async def listen() -> None:
        async for event in service.receive():
            heard.add(event)

    async def answer(since: int, *, like: str) -> str:
        """Wait for an answer that is like this, and return its words."""

        def fits(event: object) -> bool:
            return event.service_type == ListenEvents.RESPONSE_AUDIO_TRANSCRIPT_DONE.value and like in words(event)

        return words(await heard.until(fits, since))

    async def write(text: str) -> int:
        since = len(heard.all)
        await service.send(RealtimeTextEvent(text=TextContent(text=text)))
        await service.send(RealtimeEvent(service_type=SendEvents.RESPONSE_CREATE))
        return since

    async def say(name: str) -> int:
        since = len(heard.all)
        sound = spoken(name)
        for at in range(0, len(sound), 4_800):
            data = base64.b64encode(sound[at : at + 4_800]).decode()
            await service.send(RealtimeAudioEvent(audio=AudioContent(data=data, data_format='base64')))
        return since

    async with service(kernel=kernel, settings=settings, chat_history=history):
        listening = asyncio.create_task(listen())
        await service.send(RealtimeEvent(service_type=SendEvents.RESPONSE_CREATE))
        done('greeting', await answer(0, like=''))

        done('speech', await answer(await say('what_time_is_it'), like='It is'))

        done('typed turn', await answer(await write('What is 2 + 3?'), like='5'))

        since = await say('lights')
        await heard.until(lambda event: isinstance(event, RealtimeFunctionResultEvent), since)
        ((room, on),) = calls
        assert 'kitchen' in room  # its schema names no rooms
        assert on
        done('tool', f'{calls}, then “{await answer(since, like="light")}”')

        done('history', await answer(await write('What is my name?'), like='Ada'))

        since = await write('Tell me about the moon.')
        await heard.until(lambda event: isinstance(event, RealtimeAudioEvent), since)
        done('interruption', await answer(await say('stop'), like='All right'))

        listening.cancel()
        with suppress(asyncio.CancelledError):
            await listening
    errors = [event.service_event for event in heard.all if event.service_type == ListenEvents.ERROR.value]
    assert not errors, errors


def words(event: object) -> str:
    """Return the words of an answer that is over."""
    return event.service_event.transcript


run(talk)
