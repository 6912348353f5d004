"""Conversations of npm's `@openai/agents-realtime` with the engine, in a browser and in Node."""

import asyncio
import json
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page, Route

from components.engine import Engine
from tests import speech
from tests.cached_package import cached_package
from tests.conftest import OpenPage
from tests.engine.agents.package import install
from tests.engine.checked_events import EventStream
from tests.engine.served import Served, spoken

pytestmark = pytest.mark.asyncio(loop_scope='session')  # that of the browser
SCRIPTS = Path(__file__).parents[1] / 'agents'
MODEL = 'gpt-realtime-2.1'


@pytest.fixture(scope='session')
def agents(pytestconfig: pytest.Config) -> Path:
    """The installed package."""
    return cached_package(pytestconfig, 'npm', install)


@pytest_asyncio.fixture(loop_scope='session')
async def served() -> AsyncIterator[Served]:
    async with Served(Engine()) as served:
        yield served


async def test_a_conversation_over_webrtc_in_a_browser(
    agents: Path, served: Served, open_page: OpenPage, tmp_path: Path
) -> None:
    microphone = speech.microphone(tmp_path / 'microphone.wav', 2.0, 'what_time_is_it', 30.0)
    page = await open_page(microphone)
    await serve(page, agents / 'dist/bundle')
    await page.goto(served.url.replace('/v1', '/agents/page'))
    secret = await served.client().realtime.client_secrets.create(session={'type': 'realtime', 'model': MODEL})
    await page.evaluate(
        """async (key) => {
            window.agents = await import("/agents/agents_page.mjs");
            window.talk = await agents.call(key);
        }""",
        secret.value,
    )
    assert 'time' in await page.evaluate('talk.said("user", "time")')
    assert 'It is' in await page.evaluate('talk.said("assistant", "It is")')
    assert await page.wait_for_function('agents.voiceEnergy(talk).then((energy) => energy > 0.001)')
    await page.wait_for_function('talk.events.some(({ type }) => type === "output_audio_buffer.stopped")')

    await page.evaluate('talk.session.sendMessage("Spell house")')
    assert 'H, O, U, S, E' in await page.evaluate('talk.said("assistant", "H, O, U, S, E")')
    await page.wait_for_function(
        'talk.events.filter(({ type }) => type === "output_audio_buffer.started").length === 2'
    )
    await page.evaluate('talk.session.interrupt()')
    await page.wait_for_function('talk.events.some(({ type }) => type === "output_audio_buffer.cleared")')

    await page.evaluate('talk.session.close()')
    await served.all_over()
    check_events(await page.evaluate('talk.events'))
    assert await page.evaluate('talk.errors') == []


async def test_a_conversation_over_websocket_in_node(agents: Path, served: Served) -> None:
    command = ('node', SCRIPTS / 'agents_node.mjs', agents / 'dist/index.mjs')
    url = f'{served.socket_url}?model={MODEL}'
    node = await asyncio.create_subprocess_exec(*command, url, 'sk-anything', stdin=PIPE, stdout=PIPE, stderr=PIPE)
    try:
        async with asyncio.timeout(60):
            said, problems = await node.communicate(spoken((0.5, 'what_time_is_it', 3.0)))
    finally:
        if node.returncode is None:
            node.kill()
            await node.wait()
    assert node.returncode == 0, problems.decode()
    told = json.loads(said)
    assert 'time' in told['question']
    assert 'It is' in told['answer']
    assert 'H, O, U, S, E' in told['spelled']
    assert told['heard'] > 48_000, 'a second of sound'
    assert told['errors'] == []
    check_events(told['events'])
    await served.all_over()


async def serve(page: Page, library: Path) -> None:
    """Let the page find its scripts, and the library's, beside the engine."""

    async def fulfill(route: Route) -> None:
        name = route.request.url.rpartition('/')[2]
        if name == 'page':
            await route.fulfill(body='<!doctype html><title>Agents</title>', content_type='text/html')
        else:
            own = SCRIPTS / name
            await route.fulfill(path=own if own.exists() else library / name, content_type='text/javascript')

    await page.route('**/agents/*', fulfill)


def check_events(events: list[dict[str, Any]]) -> None:
    stream = EventStream(whole=True)
    for event in events:
        stream.take(json.dumps(event))
    assert stream.problem is None
    assert events[0]['type'] == 'session.created'
