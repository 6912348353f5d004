"""A conversation by LiveKit Agents with its OpenAI plugin, without a room: the script is microphone and loudspeaker."""

import asyncio
import time
from typing import Literal

from livekit import rtc
from livekit.agents import Agent, AgentSession, function_tool
from livekit.agents.voice.io import AudioInput, AudioOutput, AudioOutputCapabilities
from livekit.plugins import openai
from steps import MODEL, URL, Heard, done, run, spoken

RATE = 24_000
FRAME = RATE // 50  # samples of 20 ms


class Microphone(AudioInput):
    """Lets the agent hear silence, or what is said, in real time."""

    def __init__(self) -> None:
        super().__init__(label='script')
        self.sound = bytearray()
        self._next_at = time.monotonic()

    async def __anext__(self) -> rtc.AudioFrame:
        await asyncio.sleep(max(0.0, self._next_at - time.monotonic()))
        self._next_at += FRAME / RATE
        data = bytes(self.sound[: 2 * FRAME]).ljust(2 * FRAME, b'\0')
        del self.sound[: 2 * FRAME]
        return rtc.AudioFrame(data, RATE, 1, FRAME)


class Loudspeaker(AudioOutput):
    """Plays in real time without a sound, and says when it has played."""

    def __init__(self) -> None:
        super().__init__(label='script', capabilities=AudioOutputCapabilities(pause=False), sample_rate=RATE)
        self.seconds = 0.0  # of all answers
        self._length = 0.0  # of this one
        self._began = 0.0
        self._end: asyncio.TimerHandle | None = None

    async def capture_frame(self, frame: rtc.AudioFrame) -> None:
        await super().capture_frame(frame)
        if not self._length:
            self._began = time.time()
            self.on_playback_started(created_at=self._began)
        self._length += frame.duration
        self.seconds += frame.duration

    def flush(self) -> None:
        super().flush()
        if self._length and self._end is None:
            left = max(0.0, self._began + self._length - time.time())
            self._end = asyncio.get_running_loop().call_later(left, self._finish, False)

    def clear_buffer(self) -> None:
        if self._end:
            self._end.cancel()
        if self._length:
            self._finish(True)

    def _finish(self, interrupted: bool) -> None:
        played = min(self._length, time.time() - self._began)
        self._length, self._end = 0.0, None
        self.on_playback_finished(playback_position=played, interrupted=interrupted)


calls: list[tuple[str, bool]] = []


@function_tool
async def turn_on_light(room: Literal['kitchen', 'living room', 'bath'], on: bool) -> str:
    """Turns a light in a room on or off."""
    calls.append((room, on))
    return 'The light is on now.'


async def talk() -> None:
    model = openai.realtime.RealtimeModel(model=MODEL, base_url=URL, api_key='sk-anything')
    session = AgentSession(llm=model)
    microphone, loudspeaker, heard = Microphone(), Loudspeaker(), Heard()
    session.input.audio, session.output.audio = microphone, loudspeaker
    session.on('conversation_item_added', lambda event: heard.add(event.item))
    session.on('error', lambda event: heard.add(event))
    await session.start(Agent(instructions='Be brief.', tools=[turn_on_light]), record=False)

    async def answer(since: int, *, like: str) -> str:
        """Wait for an answer that is like this, and return its words."""

        def fits(item: object) -> bool:
            return getattr(item, 'role', '') == 'assistant' and like in (item.text_content or '')

        return (await heard.until(fits, since)).text_content

    def say(name: str) -> int:
        microphone.sound += spoken(name)
        return len(heard.all)

    await session.generate_reply(instructions='Greet the user.')
    done('greeting', await answer(0, like='Hello'))

    done('speech', await answer(say('what_time_is_it'), like='It is'))

    since = len(heard.all)
    await session.generate_reply(user_input='What is 2 + 3?')
    done('typed turn', await answer(since, like='5'))

    said = await answer(say('lights'), like='light')
    assert calls == [('kitchen', True)], calls
    done('tool', f'{calls}, then “{said}”')

    texts = [item.text_content or '' for item in session.history.items if item.type == 'message']
    assert any('what time is it' in text.lower() for text in texts), texts
    assert 'What is 2 + 3?' in texts, texts
    done('history', f'{len(session.history.items)} items')

    since = len(heard.all)
    session.generate_reply(user_input='Tell me about the moon.')
    before = loudspeaker.seconds
    async with asyncio.timeout(30):
        while loudspeaker.seconds < before + 2:  # noqa: ASYNC110  (a loudspeaker tells nobody)
            await asyncio.sleep(0.02)
    say('stop')
    moon = await heard.until(lambda item: getattr(item, 'interrupted', False), since)
    done('interruption', f'{moon.text_content!r}, then {await answer(since, like="All right")!r}')
    errors = [event for event in heard.all if getattr(event, 'type', '') == 'error']
    assert not errors, errors
    assert loudspeaker.seconds > 5
    await session.aclose()


run(talk)
