"""A server that speaks WebSocket only, and in older names: the page talks with it all the same."""

from pathlib import Path

from tests import speech
from tests.conftest import OpenParley, StartParley
from tests.e2e.older_server import OlderServer


async def test_a_conversation_is_spoken_and_read(
    start_parley: StartParley, open_parley: OpenParley, tmp_path: Path
) -> None:
    async with OlderServer() as server:
        parley = await start_parley(
            PROVIDER_URL=server.base_url,
            PROVIDER_MODEL='talker-7b',
            PROVIDER_KEY='canary-0123456789',
            PROVIDER_PLACING='websocket',
            PROVIDER_DIALECT='beta',
        )
        page = await open_parley(parley, speech.microphone(tmp_path / 'mic.wav', 2.0, 'what_time_is_it', 1.0))
        await page.call()
        assert (await page.wait_turn('assistant', status='done')).text.startswith('It is ')
        await page.wait_voice()
        await page.hang_up()
    ((url, headers),) = server.asked
    assert url.endswith('/v1/realtime?model=talker-7b')
    assert headers['authorization'] == 'Bearer canary-0123456789'
    told = server.taken[0]
    assert (told['type'], told['session']['input_audio_format']) == ('session.update', 'pcm16')
