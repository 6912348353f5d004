"""A conversation by Pipecat's service for the Realtime API, in a pipeline with a script at both ends."""

import asyncio
import time
from typing import Any

from loguru import logger
from pipecat.frames.frames import (
    BotStoppedSpeakingFrame,
    ErrorFrame,
    FunctionCallResultFrame,
    InputAudioRawFrame,
    InterruptionFrame,
    LLMRunFrame,
    OutputAudioRawFrame,
    StartFrame,
)
from pipecat.observers.base_observer import BaseObserver, FramePushed
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import LLMContextAggregatorPair
from pipecat.services.llm_service import FunctionCallParams
from pipecat.services.openai.realtime import events
from pipecat.services.openai.realtime.llm import OpenAIRealtimeLLMService
from pipecat.transports.base_output import BaseOutputTransport
from pipecat.transports.base_transport import TransportParams
from pipecat.workers.runner import WorkerRunner
from steps import MODEL, SOCKET_URL, STEP_SECONDS, Heard, done, run, spoken

RATE = 24_000
PIECE = RATE // 50 * 2  # bytes of 20 ms

calls: list[tuple[str, bool]] = []


async def turn_on_light(params: FunctionCallParams, room: str, on: bool) -> None:
    """Turns a light in a room on or off.

    Args:
        room: The room.
        on: Whether the light shall be on.
    """
    calls.append((room, on))
    await params.result_callback('The light is on now.')


class Loudspeaker(BaseOutputTransport):
    """Plays in real time without a sound."""

    def __init__(self) -> None:
        super().__init__(TransportParams(audio_out_enabled=True, audio_out_sample_rate=RATE))
        self.seconds = 0.0
        self._free_at = 0.0

    async def start(self, frame: StartFrame) -> None:
        await super().start(frame)
        await self.set_transport_ready(frame)

    async def write_audio_frame(self, frame: OutputAudioRawFrame) -> bool:
        length = len(frame.audio) / 2 / RATE
        self.seconds += length if any(frame.audio) else 0.0
        self._free_at = max(self._free_at, time.monotonic()) + length
        await asyncio.sleep(self._free_at - time.monotonic())
        return True


class Watch(BaseObserver):
    """Notes the frames that a script waits for."""

    def __init__(self, heard: Heard) -> None:
        super().__init__()
        self._heard = heard
        self._seen: set[int] = set()

    async def on_push_frame(self, data: FramePushed) -> None:
        noted = (BotStoppedSpeakingFrame, ErrorFrame, FunctionCallResultFrame, InterruptionFrame)
        if isinstance(data.frame, noted) and data.frame.id not in self._seen:
            self._seen.add(data.frame.id)
            self._heard.add(data.frame)


async def talk() -> None:
    properties = events.SessionProperties(
        audio=events.AudioConfiguration(
            input=events.AudioInput(
                transcription=events.InputAudioTranscription(model='gpt-realtime-whisper'),
                turn_detection=events.TurnDetection(type='server_vad'),
            )
        )
    )
    llm = OpenAIRealtimeLLMService(
        api_key='sk-anything',
        base_url=f'{SOCKET_URL}/realtime',
        settings=OpenAIRealtimeLLMService.Settings(
            model=MODEL, system_instruction='Be brief.', session_properties=properties
        ),
    )
    context = LLMContext(tools=[turn_on_light])
    user, assistant = LLMContextAggregatorPair(context)
    loudspeaker, heard = Loudspeaker(), Heard()
    pipeline = Pipeline([user, llm, loudspeaker, assistant])
    params = PipelineParams(audio_in_sample_rate=RATE, audio_out_sample_rate=RATE)
    worker = PipelineWorker(pipeline, params=params, observers=[Watch(heard)])
    sound = bytearray()

    async def listen() -> None:
        """Let the pipeline hear silence, or what is said, in real time."""
        next_at = time.monotonic()
        while True:
            piece = bytes(sound[:PIECE]).ljust(PIECE, b'\0')
            del sound[:PIECE]
            await worker.queue_frame(InputAudioRawFrame(audio=piece, sample_rate=RATE, num_channels=1))
            next_at += PIECE / 2 / RATE
            await asyncio.sleep(max(0.0, next_at - time.monotonic()))

    def texts(role: str) -> list[str]:
        return [words(each) for each in context.get_messages() if each.get('role') == role]

    async def answer(since: int, *, like: str) -> str:
        """Wait for an answer that is like this and has been played, and return its words."""
        await heard.until(lambda frame: isinstance(frame, BotStoppedSpeakingFrame), since)
        async with asyncio.timeout(STEP_SECONDS):
            while not (texts('assistant') and like in texts('assistant')[-1]):  # noqa: ASYNC110  (a context tells nobody)
                await asyncio.sleep(0.05)
        return texts('assistant')[-1]

    def say(name: str) -> int:
        sound.extend(spoken(name))
        return len(heard.all)

    async def write(text: str) -> int:
        """Write into the conversation, on both sides: Pipecat has no frame for what somebody types in mid-call."""
        since = len(heard.all)
        context.add_message({'role': 'user', 'content': text})
        content = events.ItemContent(type='input_text', text=text)
        item = events.ConversationItem(type='message', role='user', content=[content])
        await llm.send_client_event(events.ConversationItemCreateEvent(item=item))
        await llm.send_client_event(events.ResponseCreateEvent())
        return since

    runner = WorkerRunner(handle_sigint=False)
    await runner.add_workers(worker)
    running = asyncio.create_task(runner.run())
    listening = asyncio.create_task(listen())
    await worker.queue_frame(LLMRunFrame())
    done('greeting', await answer(0, like=''))

    done('speech', await answer(say('what_time_is_it'), like='It is'))

    done('typed turn', await answer(await write('What is 2 + 3?'), like='is 5'))

    since = say('lights')
    await heard.until(lambda frame: isinstance(frame, FunctionCallResultFrame), since)
    ((room, on),) = calls
    assert 'kitchen' in room  # its schemas name no choices
    assert on
    done('tool', f'{calls}, then “{await answer(since, like="light")}”')

    users = [text.lower() for text in texts('user')]
    assert any('what time is it' in text for text in users), users
    assert any('2 + 3' in text for text in users), users
    done('history', f'{len(context.get_messages())} messages')

    await write('Tell me about the moon.')
    before = loudspeaker.seconds
    async with asyncio.timeout(STEP_SECONDS):
        while loudspeaker.seconds < before + 2:  # noqa: ASYNC110  (a loudspeaker tells nobody)
            await asyncio.sleep(0.02)
    since = say('stop')
    await heard.until(lambda frame: isinstance(frame, InterruptionFrame), since)
    done('interruption', await answer(since, like='All right'))

    listening.cancel()
    await runner.cancel()
    await running
    errors = [frame for frame in heard.all if isinstance(frame, ErrorFrame)]
    assert not errors, errors


def words(message: Any) -> str:
    """Return the words of a message."""
    content = message.get('content') or ''
    return content if isinstance(content, str) else ' '.join(part.get('text', '') for part in content)


logger.remove()
run(talk)
