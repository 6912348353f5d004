"""A spoken conversation in Firefox, by the relay.

By WebRTC it sends no sound for the first two seconds of a connection, so what is said at once is not heard yet.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.browser import BrowserMissing, ensure_firefox, this_machine
from tests.conftest import StartParley
from tests.e2e.conftest import known
from tests.e2e.stand_in import KEY, StandIn
from tests.e2e.test_conversation import HELLO, LISTENING
from tests.e2e.witness import WITNESS, sounds_like
from tests.firefox import Firefox, Room
from tests.page import ShownTurn

pytestmark = pytest.mark.asyncio(loop_scope='session')


@pytest.fixture(scope='module')
def executable() -> Path:
    try:
        return ensure_firefox(this_machine())
    except BrowserMissing as missing:
        pytest.skip(str(missing))


@pytest_asyncio.fixture(loop_scope='session')
async def room() -> AsyncIterator[Room]:
    async with Room() as room:
        yield room


async def test_a_spoken_sentence_is_read_and_answered_aloud(
    executable: Path, room: Room, start_parley: StartParley
) -> None:
    async with StandIn() as service:
        parley = await start_parley(OPENAI_API_KEY=KEY, OPENAI_BASE_URL=service.base_url)
        async with Firefox.launch(executable, room) as firefox:
            await firefox.open(parley.url, init_script=WITNESS + known('relay'))
            await firefox.wait_for('window.did_handshake && document.querySelector("[data-testid=call-button]")')
            await firefox.evaluate(PRESS)
            await firefox.wait_for('document.querySelector("[data-testid=call-way][data-transport=relay]")')
            await room.say('hello', 1.0)

            await firefox.wait_for('document.querySelector("[data-speaker=assistant][data-status=done]")')
            said, answer = [ShownTurn(**turn, item_id='') for turn in await firefox.evaluate('witness.turns.at(-1)')]
            assert sounds_like(said, HELLO)
            assert 'I can hear you' in answer.text
            await firefox.wait_for('ear.loudness.some(([, rms]) => rms > 0.01)')
            await firefox.wait_for('witness.received.some(({type}) => type === "output_audio_buffer.stopped")')
            await firefox.wait_for(f'document.querySelector(".call__sentence").textContent === "{LISTENING}"')

            await firefox.evaluate(PRESS)
            await firefox.wait_for('document.querySelector("[data-testid=call-button][data-state=ended]")')
            assert await firefox.evaluate('witness.tracks.map(({readyState}) => readyState)') == ['ended']


PRESS = 'document.querySelector("[data-testid=call-button]").click()'
