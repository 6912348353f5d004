"""The JavaScript modules of a call that need no call: who is speaking, and smaller ones."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page

from tests.chromium import Chromium
from tests.e2e.modules import COMMITTED, CREATED, SPEECH, STARTED, page_with_modules
from tests.parley import Parley

MODULES = ('activity', 'tones', 'live_sign', 'waiting_peer', 'check', 'devices')


@pytest_asyncio.fixture(scope='module', loop_scope='session')
async def modules(chromium: Chromium, parley: Parley) -> AsyncIterator[Page]:
    async with page_with_modules(chromium, parley, *MODULES, stops_clock=True) as page:
        yield page


PREPARE = """() => {
    window.waiting = new WaitingPeer();
    waiting.prepare();
    window.made = waiting.peer.connection;
}"""


async def test_a_peer_connection_waits_for_its_call_with_an_offer_and_serves_one(modules: Page) -> None:
    await modules.evaluate(PREPARE)
    await modules.clock.run_for(20_000)
    await modules.evaluate('waiting.prepare()')
    await modules.clock.run_for(20_000)
    taken = await modules.evaluate("""async () => {
        const { connection, offered } = waiting.take();
        await offered;
        return [connection === made, made.localDescription.sdp.includes("m=audio"), waiting.take().connection === made];
    }""")
    await modules.clock.run_for(60_000)
    assert [*taken, await modules.evaluate('made.signalingState')] == [True, True, False, 'have-local-offer']


@pytest.mark.parametrize('name', ['nobody calls', 'online', 'offline', 'change'])
async def test_a_peer_connection_is_thrown_away_if_nobody_calls_or_the_network_changes(
    modules: Page, name: str
) -> None:
    await modules.evaluate(PREPARE)
    if name == 'nobody calls':
        await modules.clock.run_for(30_000)
    else:
        await modules.evaluate(
            '(name) => (name === "change" ? navigator.connection : window).dispatchEvent(new Event(name))', name
        )
    assert await modules.evaluate('[made.signalingState, waiting.take().connection === made]') == ['closed', False]


STOPPED = {'type': 'output_audio_buffer.stopped', 'response_id': 'r1'}
CLEARED = {'type': 'output_audio_buffer.cleared', 'response_id': 'r1'}
SOUND = {'type': 'message', 'content': [{'type': 'output_audio'}]}
TEXT = {'type': 'message', 'content': [{'type': 'output_text'}]}
FUNCTION = {'type': 'function_call', 'name': 'weather'}


def done(*output: dict[str, Any], status: str = 'completed', id_: str = 'r1', **more: Any) -> dict[str, Any]:
    return {'type': 'response.done', 'response': {'id': id_, 'status': status, 'output': list(output), **more}}


@pytest.mark.parametrize(
    ('events', 'activity'),
    [
        ([], 'listening'),
        ([SPEECH], 'hearing'),
        ([SPEECH, {'type': 'input_audio_buffer.speech_stopped'}], 'hearing'),
        ([SPEECH, COMMITTED], 'thinking'),
        ([SPEECH, {'type': 'input_audio_buffer.cleared'}], 'listening'),
        ([COMMITTED, CREATED], 'thinking'),
        ([CREATED, STARTED], 'speaking'),
        ([CREATED, STARTED, done(SOUND)], 'speaking'),  # its sound is not over
        ([CREATED, STARTED, done(SOUND), STOPPED], 'listening'),
        ([CREATED, STARTED, STOPPED, done(SOUND)], 'listening'),
        ([CREATED, done(SOUND)], 'thinking'),  # its sound is about to start
        ([CREATED, done(SOUND), STARTED], 'speaking'),
        ([CREATED, done(TEXT)], 'listening'),
        ([CREATED, done(FUNCTION)], 'thinking'),  # the answer follows once the function has returned
        ([CREATED, done(status='failed')], 'listening'),
        ([CREATED, done(SOUND, status='cancelled')], 'listening'),
        ([CREATED, STARTED, SPEECH], 'hearing'),
        ([CREATED, STARTED, SPEECH, CLEARED], 'hearing'),
        ([CREATED, STARTED, SPEECH, COMMITTED], 'speaking'),  # the session does not let speech interrupt
        ([CREATED, STARTED, CLEARED, done(SOUND, status='cancelled')], 'listening'),
        ([CREATED, STARTED, COMMITTED, CLEARED], 'thinking'),
        ([CREATED, STARTED, {'type': 'some.event.of.tomorrow'}], 'speaking'),
        ([CREATED, {'type': 'response.created'}, {'type': 'response.done'}], 'thinking'),
    ],
)
async def test_the_events_tell_who_is_speaking(modules: Page, events: list[dict[str, Any]], activity: str) -> None:
    assert await activity_after(modules, events) == activity


async def test_an_out_of_band_response_counts_only_if_it_is_heard(modules: Page) -> None:
    aside = {'id': 'r1', 'conversation_id': None, 'output_modalities': ['text']}
    assert await activity_after(modules, [{'type': 'response.created', 'response': aside}]) == 'listening'
    aside = {'id': 'r1', 'conversation_id': None, 'output_modalities': ['audio']}
    assert await activity_after(modules, [{'type': 'response.created', 'response': aside}, STARTED]) == 'speaking'


async def test_an_answer_is_speaking_until_the_last_of_two_has_stopped(modules: Page) -> None:
    aside = {'id': 'r2', 'conversation_id': None, 'output_modalities': ['audio']}
    of_aside: list[dict[str, Any]] = [{'type': 'response.created', 'response': aside}, {**STARTED, 'response_id': 'r2'}]
    both: list[dict[str, Any]] = [CREATED, STARTED, *of_aside]
    assert await activity_after(modules, [*both, done(SOUND), STOPPED]) == 'speaking'
    ended = [done(SOUND), STOPPED, done(SOUND, id_='r2', conversation_id=None), {**STOPPED, 'response_id': 'r2'}]
    assert await activity_after(modules, [*both, *ended]) == 'listening'


async def test_an_answer_that_was_stopped_counts_as_over_at_once(modules: Page) -> None:
    script = (
        '(events) => { const it = new Activity(); events.forEach((e) => it.receive(e)); it.interrupt(); return it; }'
    )
    for events in ([COMMITTED], [CREATED], [CREATED, STARTED], [CREATED, done(FUNCTION)]):
        assert await modules.evaluate(f'(events) => ({script})(events).name', events) == 'listening'


async def activity_after(page: Page, events: list[dict[str, Any]]) -> Any:
    script = '(events) => { const it = new Activity(); events.forEach((e) => it.receive(e)); return it.name; }'
    return await page.evaluate(script, events)


async def test_a_turn_plays_from_the_recording_that_has_it(modules: Page) -> None:
    """Also while another recording is chosen, whose place in its sound says nothing about that of the turn."""
    await modules.evaluate(TWO_RECORDINGS)
    for turn, recording, place in (('late', 1, 2), ('early', 0, 1), ('late', 1, 2)):
        await modules.evaluate('(detail) => document.dispatchEvent(new CustomEvent("play-turn", { detail }))', turn)
        await modules.wait_for_function(
            """([url, place]) => {
                const { src, currentTime, paused } = document.querySelector("#player audio");
                return src === url && currentTime >= place && !paused;
            }""",
            arg=[await modules.evaluate(f'urls[{recording}]'), place],
        )
        assert await modules.evaluate('document.querySelector("#player audio").currentTime') < place + 1
        assert await modules.evaluate('document.querySelector("#player select").value') == str(recording)


TWO_RECORDINGS = """async () => {
    const { createApp } = await import("vue");
    const { components } = await import("parley");
    const silence = (seconds) => {
        const [rate, header] = [8000, new DataView(new ArrayBuffer(44))];
        const write = (at, text) => [...text].forEach((letter, n) => header.setUint8(at + n, letter.charCodeAt(0)));
        for (const [at, text] of [[0, "RIFF"], [8, "WAVEfmt "], [36, "data"]]) write(at, text);
        const size = 2 * rate * seconds;
        for (const [at, value] of [[4, 36 + size], [16, 16], [24, rate], [28, 2 * rate], [40, size]])
            header.setUint32(at, value, true);
        for (const [at, value] of [[20, 1], [22, 1], [32, 2], [34, 16]]) header.setUint16(at, value, true);
        return URL.createObjectURL(new Blob([header, new Int16Array(rate * seconds)], { type: "audio/wav" }));
    };
    window.urls = [silence(20), silence(30)];
    const recordings = [
        { url: urls[0], download: "", at: 100, seconds: 20 },
        { url: urls[1], download: "", at: 200, seconds: 30 },
    ];
    const turns = [{ id: "early", at: 101 }, { id: "late", at: 202 }];
    document.body.insertAdjacentHTML("beforeend", '<div id="player"></div>');
    createApp(components.recording_player, { texts: {}, recordings, turns }).mount("#player");
    document.querySelector("#player audio").defaultPlaybackRate = 0.1; // a test may be late to look
}"""


RENDER = """async ([tone, volume]) => {
    const RealContext = AudioContext;
    let context;
    window.AudioContext = class extends OfflineAudioContext {
        constructor() { super(1, 48_000, 48_000); context = this; }
        close() {}
    };
    await play(tone, volume);
    window.AudioContext = RealContext;
    const samples = (await context.startRendering()).getChannelData(0);
    const pitch = (from, to) => {  // by the zero crossings between two times
        const part = samples.slice(from * 48_000, to * 48_000);
        return part.filter((it, index) => index && it >= 0 && part[index - 1] < 0).length / (to - from);
    };
    return [pitch(0.01, 0.08), pitch(0.1, 0.17), samples.reduce((most, it) => Math.max(most, Math.abs(it)), 0)];
}"""


async def test_a_call_begins_with_rising_notes_and_ends_with_falling_ones(modules: Page) -> None:
    first, second, peak = await modules.evaluate(RENDER, ['connected', 1])
    assert 550 < first < 620 < 840 < second < 920
    assert 0.01 < peak < 0.06
    first, second, softer = await modules.evaluate(RENDER, ['ended', 0.5])
    assert 550 < first < 620
    assert 360 < second < 430
    assert softer == pytest.approx(peak / 2, rel=0.2)


async def test_the_notes_can_be_turned_off(modules: Page) -> None:
    script = """(tones) => {
        const choice = document.querySelector("[data-testid=sound-tones]");
        if (choice.checked !== tones) choice.click();
        const RealContext = AudioContext;
        let made = 0;
        window.AudioContext = class extends RealContext { constructor() { super(); made++; } };
        getElement(Number(document.querySelector(".call").id.slice(1))).caller.signal("ended");
        window.AudioContext = RealContext;
        return made;
    }"""
    await modules.get_by_test_id('sound').click()
    await modules.get_by_test_id('sound-tones').wait_for()
    assert await modules.evaluate(script, False) == 0
    assert await modules.evaluate(script, True) == 1
    await modules.keyboard.press('Escape')


async def test_the_tab_shows_by_title_and_icon_that_a_call_is_live(modules: Page) -> None:
    shown = '() => [document.title, document.querySelector("link[rel~=icon]").getAttribute("href")]'
    title, icon = await modules.evaluate(shown)
    await modules.evaluate('async () => { window.sign = new LiveSign(); await sign.show(true); }')
    live_title, live_icon = await modules.evaluate(shown)
    assert live_title == f'● {title}'
    assert live_icon.startswith('data:image/svg+xml,')
    assert '%23c92a2a' in live_icon  # a red dot
    await modules.evaluate('sign.show(false)')
    assert await modules.evaluate(shown) == [title, icon]


VERDICTS: list[tuple[list[float], str]] = [
    ([-120.0] * 40, 'silent'),
    ([-60.0] * 20 + [-50.0] * 20, 'quiet'),
    ([-60.0] * 20 + [-20.0] * 20, 'good'),
    ([-35.0] * 40, 'noisy'),
    ([-35.0] * 20 + [-15.0] * 20, 'good'),  # noise, but speech is well above it
    ([-60.0] * 39 + [-10.0], 'quiet'),  # a click is not speech
    ([], 'silent'),
]


async def test_the_verdict_of_a_check_by_its_levels(modules: Page) -> None:
    for levels, verdict in VERDICTS:
        assert (await modules.evaluate('judge', levels))['verdict'] == verdict, levels


@pytest.mark.parametrize(
    'garbage', ['not JSON', '[]', 'null', '{"volume": 7, "microphone": "x", "autoGainControl": 1, "tones": 0}']
)
async def test_garbage_in_the_browsers_storage_counts_as_nothing(modules: Page, garbage: str) -> None:
    recalled = await modules.evaluate(
        """(garbage) => {
            localStorage.removeItem("parley.sound");
            const usual = recall();
            localStorage.setItem("parley.sound", garbage);
            return [usual, recall()];
        }""",
        garbage,
    )
    assert recalled[0] == recalled[1]
    assert recalled[0]['autoGainControl'] is True
