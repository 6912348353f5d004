"""Interruptions of an answer over real WebRTC."""

from collections.abc import AsyncIterator

import pytest

from components.engine.limits import Limits
from components.engine.minds.mind import Utterance
from components.engine.protocol.session_config import SessionConfig
from components.engine.stages import Stages
from components.engine.switchboard import Switchboard
from components.engine.transport import ice
from tests.engine import noises
from tests.engine.caller import Caller
from tests.engine.fakes import ABILITIES, FakeMind, FakeSpeech


class Party:
    """A switchboard with stages that the test directs."""

    def __init__(self) -> None:
        self.speech = FakeSpeech()
        self.mind = FakeMind()
        self.switchboard = Switchboard(Stages(self.speech, self.mind, self.speech, ABILITIES), Limits())

    def call(self) -> Caller:
        return Caller(self._place)

    async def _place(self, offer: str) -> str:
        _, answer = await self.switchboard.place(offer, SessionConfig())
        return answer


@pytest.fixture
async def party() -> AsyncIterator[Party]:
    with ice.adjusted(local_only=lambda: True):
        party = Party()
        yield party
        await party.switchboard.close()


async def test_noise_does_not_interrupt_an_answer_but_speech_does(party: Party) -> None:
    noise = b''.join(  # made ahead, as it takes a second, in which no sound would come or go
        [
            noises.coughs(4.0, first=noises.VOICE_LIKE_COUGHS[0]),
            noises.cough(noises.VOICE_LIKE_COUGHS[-1]),
            *(make(1.0) for make in (noises.door_slams, noises.clicks, noises.white_noise, noises.music)),
        ]
    )
    party.mind.pieces = [f'Sentence {number}. ' for number in range(20)]  # of a second each
    async with party.call() as browser:
        await browser.until('session.created')
        browser.send(type='response.create')
        await browser.until('output_audio_buffer.started')
        browser.microphone.play(noise)
        await browser.microphone.said()
        noise_ms = browser.microphone.milliseconds
        browser.microphone.play(noises.silence(1.0))
        browser.microphone.say('stop')

        cleared = await browser.until('output_audio_buffer.cleared')
        [started] = browser.all('input_audio_buffer.speech_started')
        assert started['audio_start_ms'] > noise_ms - 100
        [done] = browser.all('response.done')
        assert cleared['response_id'] == done['response']['id']
        truncated = await browser.until('conversation.item.truncated')
        assert 8_000 < truncated['audio_end_ms'] < 20_000
        assert not browser.all('output_audio_buffer.stopped')


async def test_push_to_talk(party: Party) -> None:
    party.speech.words = ['what time is it']
    async with party.call() as browser:
        await browser.until('session.created')
        manual = {'input': {'turn_detection': None}}
        browser.send(type='session.update', session={'type': 'realtime', 'audio': manual})
        await browser.until('session.updated')
        browser.microphone.say('hello')
        await browser.microphone.said()
        pressed_ms = browser.microphone.milliseconds
        browser.send(type='input_audio_buffer.clear')
        await browser.until('input_audio_buffer.cleared')
        browser.microphone.say('what_time_is_it')
        await browser.microphone.said()
        browser.send(type='input_audio_buffer.commit')
        browser.send(type='response.create')
        await browser.until('response.done')
        assert not browser.all('input_audio_buffer.speech_started')
        assert party.mind.asked[0][0] == [Utterance('user', 'what time is it')]
        [hearing] = party.speech.hearings
        held_ms = browser.microphone.milliseconds - pressed_ms
        assert hearing.milliseconds < held_ms + 500, 'what was said before the press, 1.3 seconds, is not heard'
