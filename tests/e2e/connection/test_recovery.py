"""A call that breaks in the middle of a talk goes on by itself, with the same microphone and the whole conversation."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect

from components.engine.limits import Limits
from components.settings.settings import Transport
from tests.chromium import Chromium
from tests.e2e.conftest import Visit, VisitService
from tests.e2e.cut_network import CutNetwork
from tests.e2e.stand_in import StandIn, refusal
from tests.e2e.witness import WITNESS, WitnessedPage
from tests.page import WAIT
from tests.parley import Parley


async def write(page: WitnessedPage, text: str) -> None:
    box = page.page.get_by_test_id('message-box')
    await box.fill(text)
    await box.press('Enter')


async def answer(page: WitnessedPage, text: str, *, within: float = WAIT) -> str:
    """Write something, and read the answer once it is whole; `within` is in seconds."""
    answers = page.page.locator('[data-testid=turn][data-speaker=assistant]')
    written = answers.nth(await answers.count())
    await write(page, text)
    await expect(written).to_have_attribute('data-status', 'done', timeout=within * 1000)
    return await written.inner_text()


async def test_a_service_that_is_killed_and_comes_back(visit_service: VisitService) -> None:
    async with StandIn() as service:
        _, page = await visit_service(service)
        await page.call()
        await write(page, 'Good morning.')
        await page.wait_turn('assistant', status='done')
        await page.wait_received('output_audio_buffer.stopped')  # an answer that nobody heard is not told
        before = [(turn.speaker, turn.text) for turn in await page.turns()]
        port = service.port
    await page.wait_state('recovering')
    await expect(page.page.get_by_test_id('recovering')).to_have_text('Connection lost. Reconnecting …')
    async with StandIn(port) as service:
        await page.wait_state('live')
        assert await page.microphones() == ['live']  # one microphone, opened once
        assert [(turn.speaker, turn.text) for turn in await page.turns()] == before
        told: list[Any] = await page.page.evaluate(
            'witness.sent.filter(({type}) => type === "conversation.item.create").map(({item}) => item.role)'
        )
        assert told[-len(before) :] == [speaker for speaker, _ in before]
        await write(page, 'Are you still there?')
        await page.page.wait_for_function(f'witness.turns.at(-1).length === {len(before) + 2}')

        service.failure = refusal(401, 'invalid_api_key')
        await page.page.evaluate('witness.line.dispatchEvent(new Event("close"))')
        await page.wait_state('failed')  # a refusal is not tried again
        assert await page.microphones() == ['ended']


async def test_a_network_that_is_cut_for_a_moment_and_for_longer(chromium: Chromium, tmp_path: Path) -> None:
    if missing := CutNetwork.missing():
        pytest.skip(missing)
    async with CutNetwork(tmp_path) as network, AsyncExitStack() as closing:
        parley = Parley(tmp_path, network=network)
        closing.push_async_callback(parley.kill)
        await parley.start()
        inside = chromium.by(network.inside)

        async def introduced(way: Transport) -> WitnessedPage:
            page = WitnessedPage(await inside.open_page(init_script=WITNESS), parley.url)
            closing.push_async_callback(inside.close_page, page.page)
            await page.open()
            await page.choose_transport(way)
            await page.call()
            await answer(page, 'My name is Ada.')
            return page

        pages = await asyncio.gather(introduced('webrtc'), introduced('relay'))
        for seconds, sessions in ((5, 1), (24, 2)):
            before = [await said(page) for page in pages]
            await network.cut()
            asked = (answer(page, 'What is my name?', within=seconds + WAIT) for page in pages)
            answered = asyncio.gather(*asked)
            await asyncio.sleep(seconds)  # the length of the cut is what is tried
            await network.mend()
            assert all('Ada' in words for words in await answered)
            for page, earlier in zip(pages, before, strict=True):
                now = await said(page)
                assert now[: len(earlier)] == earlier
                assert len(now) == len(earlier) + 2
                await page.wait_logged('session.created', count=sessions)
        assert [await page.microphones() for page in pages] == [['live'], ['live']]


async def said(page: WitnessedPage) -> list[tuple[str, str]]:
    """The speaker and the words of each turn."""
    return [(turn.speaker, turn.text) for turn in await page.turns()]


async def test_a_session_is_renewed_in_a_pause_before_it_ends(visit_service: VisitService) -> None:
    async with StandIn(limits=Limits(session_seconds=240)) as service:
        _, page = await visit_service(service)
        await page.page.clock.install()
        await page.call()
        await answer(page, 'My name is Ada.')
        before = [(turn.speaker, turn.text) for turn in await page.turns()]
        await page.page.clock.fast_forward(180_000)
        await page.page.wait_for_function(
            'witness.received.filter(({type}) => type === "session.created").length === 2'
        )
        assert await page.state() == 'live'
        assert 'session_expired' not in await page.refusals()
        sentences = await page.sentences()
        live = sentences[sentences.index('Listening. Just talk.') :]
        assert set(live) <= {'Listening. Just talk.', 'Thinking …', 'AI speaking. Talk to interrupt.'}
        assert 'Ada' in await answer(page, 'What is my name?')
        assert [(turn.speaker, turn.text) for turn in await page.turns()][: len(before)] == before
        divider = page.page.get_by_test_id('call-divider')
        await expect(divider).to_have_attribute('data-reason', 'renewed')
        await expect(page.page.get_by_test_id('call-timer')).to_contain_text('↻ 03:')


async def test_leaving_a_live_call_asks_first(visit: Visit) -> None:
    page = await visit()
    await page.call()
    async with page.page.expect_event('dialog') as asked:
        await page.page.evaluate('setTimeout(() => location.reload())')
    dialog = await asked.value
    assert dialog.type == 'beforeunload'
    await dialog.dismiss()
    assert await page.state() == 'live'
    await page.hang_up()
    async with page.page.expect_event('load'):  # unasked
        await page.page.evaluate('setTimeout(() => location.reload())')


async def test_mute_is_kept_and_hanging_up_works_while_recovering(visit: Visit) -> None:
    page = await visit()
    await page.choose_transport('webrtc')
    await page.call()
    await page.page.get_by_test_id('mute').click()
    await page.page.route('**/realtime/calls', lambda route: route.abort())
    await page.page.evaluate('witness.line.dispatchEvent(new Event("close"))')
    await page.wait_state('recovering')
    await page.page.unroute('**/realtime/calls')
    await page.wait_state('live')
    await expect(page.page.get_by_test_id('mute')).to_have_attribute('aria-pressed', 'true')
    await page.page.route('**/realtime/calls', lambda route: route.abort())
    await page.page.evaluate('witness.line.dispatchEvent(new Event("close"))')
    await page.wait_state('recovering')
    await page.hang_up()
    assert await page.microphones() == ['ended']
