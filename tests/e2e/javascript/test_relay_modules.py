"""The relay's modules without a call: resampling, the jitter buffer, what was really played, and reconnection."""

import asyncio
import math
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import CDPSession, Page

from tests.chromium import Chromium
from tests.e2e.modules import page_with_modules
from tests.page import WAIT
from tests.parley import Parley


@pytest_asyncio.fixture(scope='module', loop_scope='session')
async def page(chromium: Chromium, parley: Parley) -> AsyncIterator[Page]:
    names = ('resampler', 'jitter_buffer', 'playback', 'relay_socket', 'relay', 'first_words')
    async with page_with_modules(chromium, parley, *names) as page:
        await page.evaluate(HELPERS)
        yield page


HELPERS = """() => {
    window.level = (from, to, hertz) => {
        const resampler = new Resampler(from, to);
        const output = [];
        for (let at = 0; at < from; at += 128) {
            const tone = Array.from({ length: 128 }, (_, n) => Math.sin((2 * Math.PI * hertz * (at + n)) / from));
            output.push(...resampler.process(Float32Array.from(tone)));
        }
        const settled = output.slice(1000);
        const power = settled.reduce((sum, sample) => sum + sample * sample, 0) / settled.length;
        return { length: output.length, decibels: 10 * Math.log10(2 * power + 1e-12) };
    };
    window.makeBuffer = () => {
        window.reports = [];
        window.buffer = new JitterBuffer((report) => reports.push(report));
        window.sound = (length) => new Int16Array(length).fill(16384);
        window.heard = (count) => buffer.take(count).filter((sample) => sample !== 0).length;
    };
    window.makePlayback = () => {
        window.log = [];
        window.playback = new Playback({
            play: ({ track, at, samples, end, flush }) =>
                log.push(flush ? "flush" : end ? `end ${track}` : `play ${track} ${at}+${samples.length}`),
            onEvent: ({ type, response_id }) =>
                type.startsWith("output_audio_buffer") && log.push(`${type.split(".")[1]} ${response_id}`),
            send: ({ type, item_id, audio_end_ms }) => log.push(`${type.split(".")[2]} ${item_id} ${audio_end_ms}`),
        });
        window.frame = (track, at, length) => {
            const frame = new ArrayBuffer(8 + 2 * length);
            new Uint32Array(frame, 0, 2).set([track, at]);
            return frame;
        };
        window.answer = (track, length, more = {}) => {
            const response = { id: `r${track}`, conversation_id: "c", ...more };
            playback.receive({ type: "response.created", response });
            playback.addTrack({ track, response_id: response.id, item_id: `i${track}`, content_index: 0 });
            playback.addSound(frame(track, 0, length));
        };
        window.done = (track) => {
            playback.receive({ type: "response.output_audio.done", item_id: `i${track}`, content_index: 0 });
            playback.receive({ type: "response.done", response: { id: `r${track}` } });
        };
    };
    window.FakeSocket = class {
        static OPEN = 1;
        static all = [];
        constructor(url) {
            Object.assign(this, { url: String(url), sent: [], readyState: 1, bufferedAmount: 0 });
            FakeSocket.all.push(this);
        }
        send(data) { this.sent.push(typeof data === "string" ? JSON.parse(data).type : data.byteLength); }
        close() { this.readyState = 3; }
        say(message) { this.onmessage({ data: message instanceof ArrayBuffer ? message : JSON.stringify(message) }); }
        welcome(received = 0) { this.say({ type: "relay.welcome", ticket: "back", received }); }
    };
    window.makeSocket = () => {
        const RealSocket = WebSocket;
        window.WebSocket = FakeSocket;
        FakeSocket.all = [];
        window.told = [];
        window.way = new RelaySocket({
            onEvent: ({ type }) => told.push(type),
            onSound: ({ byteLength }) => told.push(byteLength),
            onUnsteady: (unsteady) => told.push(unsteady),
            onLost: ({ code }) => told.push(code),
        });
        window.opened = way.open("/relay", "in").then(() => "open", ({ code }) => code);
    };
}"""


@pytest.mark.parametrize(('rate', 'to'), [(48_000, 24_000), (44_100, 24_000), (24_000, 48_000), (24_000, 44_100)])
async def test_speech_keeps_its_level_whatever_the_rates(page: Page, rate: int, to: int) -> None:
    for hertz in (200, 3_000, 8_000):
        level = await page.evaluate(f'level({rate}, {to}, {hertz})')
        assert level['decibels'] == pytest.approx(0, abs=0.1)
        assert level['length'] == pytest.approx(math.ceil(rate / 128) * 128 * to / rate, abs=1)


@pytest.mark.parametrize('hertz', [13_000, 16_000, 20_000])
async def test_frequencies_above_the_lower_rate_leave_no_aliases(page: Page, hertz: int) -> None:
    assert (await page.evaluate(f'level(48000, 24000, {hertz})'))['decibels'] < -70


async def test_a_track_begins_once_a_little_of_it_has_arrived(page: Page) -> None:
    await page.evaluate('makeBuffer()')
    assert await page.evaluate('buffer.add(1, 0, sound(1000)), heard(240)') == 0
    assert await page.evaluate('buffer.add(1, 1000, sound(1000)), heard(240)') == 240
    assert await page.evaluate('reports') == [{'begun': 1}]


async def test_a_short_track_does_not_wait_for_more(page: Page) -> None:
    await page.evaluate('makeBuffer()')
    assert await page.evaluate('buffer.add(1, 0, sound(100)), buffer.end(1), heard(240)') == 100
    assert await page.evaluate('reports') == [{'begun': 1}, {'ended': 1}]


async def test_a_track_that_ran_dry_waits_for_more_than_before(page: Page) -> None:
    await page.evaluate('makeBuffer(), buffer.add(1, 0, sound(1440)), heard(1440), heard(240)')
    assert await page.evaluate('buffer.add(1, 1440, sound(1440)), heard(240)') == 0
    assert await page.evaluate('buffer.add(1, 2880, sound(1440)), heard(240)') == 240
    assert await page.evaluate('reports') == [{'begun': 1}]  # it is still the same track


async def test_late_frames_are_all_played_in_order_with_few_pauses(page: Page) -> None:
    heard, pauses = await page.evaluate(
        """() => {
            makeBuffer();
            let arrival = 0;
            const frames = Array.from({ length: 500 }, (_, n) => {
                arrival = Math.max(arrival, 20 * n + (n % 20 === 19 ? 500 : 0)); // ms; what is behind it waits, too
                return { arrival, at: 480 * n, samples: new Int16Array(480).fill(n + 1) };
            });
            const heard = [];
            let pauses = 0, playing = false;
            for (let now = 0; heard.length < 240000 && now < 60000; now += 10) {
                while (frames[0]?.arrival <= now) {
                    const { at, samples } = frames.shift();
                    buffer.add(1, at, samples);
                    if (!frames.length) buffer.end(1);
                }
                const block = [...buffer.take(240)].map((sample) => sample * 32768);
                const sounding = block.at(-1) > 0;
                if (playing && !sounding) pauses++;
                playing = sounding;
                heard.push(...block.filter((sample) => sample > 0));
            }
            return [heard, pauses];
        }"""
    )
    assert heard == [number + 1 for number in range(500) for _ in range(480)]
    assert pauses <= 5  # of 25 late ones: then enough is kept in hand


async def test_a_flush_reports_how_much_of_each_track_was_played(page: Page) -> None:
    await page.evaluate('makeBuffer(), buffer.add(1, 0, sound(2400)), buffer.add(2, 0, sound(2400)), heard(960)')
    assert await page.evaluate('buffer.flush(200)') == [{'track': 1, 'played': 760}, {'track': 2, 'played': 0}]
    assert await page.evaluate('heard(240)') == 0
    assert await page.evaluate('buffer.flush(0)') == []


async def test_an_answer_starts_and_stops_when_it_is_heard(page: Page) -> None:
    assert await page.evaluate(
        'makePlayback(), answer(1, 2400), playback.follow({begun: 1}), done(1), playback.follow({ended: 1}), log'
    ) == ['play 1 0+2400', 'started r1', 'end 1', 'stopped r1']


async def test_an_answer_without_sound_neither_starts_nor_stops(page: Page) -> None:
    created = '{type: "response.created", response: {id: "r1", conversation_id: "c"}}'
    done = '{type: "response.done", response: {id: "r1"}}'
    assert await page.evaluate(f'makePlayback(), playback.receive({created}), playback.receive({done}), log') == []
    assert await page.evaluate('playback.responses.size') == 0


SPEECH = 'playback.receive({type: "input_audio_buffer.speech_started"})'


async def test_speech_flushes_and_truncates_to_what_was_played(page: Page) -> None:
    assert await page.evaluate(
        f"""makePlayback(), answer(1, 24000), playback.follow({{begun: 1}}), log.length = 0, {SPEECH},
        playback.addSound(frame(1, 24000, 2400)), done(1),
        playback.follow({{flushed: [{{track: 1, played: 12345}}]}}), playback.follow({{ended: 1}}), log"""
    ) == ['flush', 'end 1', 'truncate i1 514', 'cleared r1']
    assert await page.evaluate('[playback.responses.size, playback.tracks.size]') == [0, 0]


async def test_truncation_never_reports_more_than_was_received(page: Page) -> None:
    assert (
        await page.evaluate(
            f"""makePlayback(), answer(1, 2400), playback.follow({{begun: 1}}), {SPEECH},
            playback.follow({{flushed: [{{track: 1, played: 9999}}]}}), log"""
        )
    )[-2:] == ['truncate i1 100', 'cleared r1']


async def test_speech_does_not_interrupt_if_the_session_forbids_it(page: Page) -> None:
    session = '{audio: {input: {turn_detection: {interrupt_response: false}}}}'
    updated = f'{{type: "session.updated", session: {session}}}'
    assert await page.evaluate(f'makePlayback(), playback.receive({updated}), answer(1, 240), {SPEECH}, log') == [
        'play 1 0+240'
    ]


async def test_an_answer_cut_before_it_sounds_stays_silent(page: Page) -> None:
    created = '{type: "response.created", response: {id: "r1", conversation_id: "c"}}'
    assert await page.evaluate(
        f"""makePlayback(), playback.receive({created}), playback.flush(), playback.follow({{flushed: []}}),
        playback.addTrack({{track: 1, response_id: "r1", item_id: "i1", content_index: 0}}),
        playback.addSound(frame(1, 0, 240)), done(1), playback.follow({{ended: 1}}), answer(2, 240), log"""
    ) == ['flush', 'end 1', 'play 2 0+240']


async def test_an_out_of_band_response_is_cut_but_not_truncated(page: Page) -> None:
    assert await page.evaluate(
        f"""makePlayback(), answer(1, 240, {{conversation_id: null}}), playback.follow({{begun: 1}}), {SPEECH},
        playback.follow({{flushed: [{{track: 1, played: 1}}]}}), log"""
    ) == ['play 1 0+240', 'started r1', 'flush', 'cleared r1']


async def test_lost_messages_are_sent_again_in_order(page: Page) -> None:
    assert await page.evaluate(
        """async () => {
            makeSocket();
            way.sendSound(new Int16Array(480));
            way.send({ type: "before" });
            FakeSocket.all[0].welcome();
            way.send({ type: "one" });
            way.send({ type: "two" });
            FakeSocket.all[0].say({ type: "relay.received", count: 2 });
            FakeSocket.all[0].say({ type: "hello" });
            FakeSocket.all[0].onclose({});
            way.sendSound(new Int16Array(480));
            way.send({ type: "three" });
            FakeSocket.all[1].welcome(2);
            FakeSocket.all[1].say(new ArrayBuffer(100));
            await new Promise((resolve) => setTimeout(resolve));
            return [await opened, FakeSocket.all.map(({ url, sent }) => [url.split("/relay/")[1], sent]), told];
        }"""
    ) == [
        'open',
        [['in?received=0', [960, 'before', 'one', 'two']], ['back?received=2', ['two', 960, 'three']]],
        ['hello', True, 100, False],
    ]


async def test_a_call_that_ended_during_reconnection_is_lost_at_once(page: Page) -> None:
    assert await page.evaluate(
        """async () => {
            makeSocket();
            FakeSocket.all[0].welcome();
            FakeSocket.all[0].onclose({});
            FakeSocket.all[1].say({ type: "relay.failed", code: "ticket_invalid" });
            await new Promise((resolve) => setTimeout(resolve));
            return told;
        }"""
    ) == [True, 'connection_lost']


async def test_excess_sound_drops_the_oldest_frames_and_no_event(page: Page) -> None:
    sent: list[Any] = await page.evaluate(
        """() => {
            makeSocket();
            for (let n = 1; n <= 300; n++) way.sendSound(new Int16Array(n));
            way.send({ type: "event" });
            FakeSocket.all[0].welcome();
            return FakeSocket.all[0].sent;
        }"""
    )
    assert sent == [*(2 * n for n in range(51, 301)), 'event']


async def test_received_messages_are_confirmed_in_time(page: Page) -> None:
    assert await page.evaluate(
        """() => {
            makeSocket();
            FakeSocket.all[0].welcome();
            for (let n = 0; n < 31; n++) FakeSocket.all[0].say({ type: "hello" });
            const early = FakeSocket.all[0].sent.length;
            FakeSocket.all[0].say({ type: "hello" });
            FakeSocket.all[0].say(new ArrayBuffer(40000));
            return [early, FakeSocket.all[0].sent];
        }"""
    ) == [0, ['relay.confirm', 'relay.confirm']]


async def test_a_refusal_that_comes_before_the_page_is_ready_is_told(page: Page) -> None:
    """A busy page still loads its worklets while a gateway takes the call, and then refuses its model."""
    lost = await page.evaluate(
        """async () => {
            makeSocket();
            const loading = Promise.withResolvers();
            const ladder = { climb: (rung, work) => work };
            return await new Promise((resolve) => {
                const relay = new RelayTransport({ ladder, context: {}, onLost: ({ code }) => resolve(code) });
                relay.listening = loading.promise;
                relay.speak = () => loading.promise;
                relay.connect({ url: "/relay", token: "in" }).then(() => setTimeout(() => resolve("nothing"), 1_000));
                setTimeout(() => {
                    const socket = FakeSocket.all.at(-1);
                    socket.welcome();
                    socket.say({ type: "relay.connected" });
                    socket.say({ type: "relay.failed", code: "model_not_found", detail: "Invalid model name" });
                    loading.resolve(null);
                });
            });
        }"""
    )
    assert lost == 'model_not_found'


@pytest.mark.parametrize('part', ['first words', 'relay'])
async def test_a_call_that_is_over_is_not_kept_by_its_worklets(page: Page, part: str) -> None:
    """Chromium keeps the port of a worklet as long as it has a listener, or is open."""
    devtools = await page.context.new_cdp_session(page)
    ports = await count(devtools, 'MessagePort')
    await page.evaluate(
        """async (part) => {
            let call = {};
            const on = () => call;
            const context = (window.context = new AudioContext()); // outlives the call
            if (part === "relay") {
                const names = ["onEvent", "onUnusable", "onRemoteStream", "onUnsteady", "onLost"];
                call.sound = new RelayTransport({ context, ...Object.fromEntries(names.map((name) => [name, on])) });
                await Promise.all([call.sound.listening, call.sound.speak()]);
            } else {
                call.sound = new FirstWords(context, on);
                while (!call.sound.node) await new Promise((resolve) => setTimeout(resolve));
            }
            call.sound.close();
            window.left = new WeakRef(call);
        }""",
        part,
    )
    async with asyncio.timeout(WAIT):
        while await page.evaluate('left.deref() !== undefined') or await count(devtools, 'MessagePort') > ports:
            await devtools.send('HeapProfiler.collectGarbage')
    await devtools.detach()
    await page.evaluate('context.close()')


async def count(devtools: CDPSession, kind: str) -> int:
    """Return how many objects of this kind the page has, which are not garbage."""
    prototype = (await devtools.send('Runtime.evaluate', {'expression': f'{kind}.prototype'}))['result']
    found = await devtools.send('Runtime.queryObjects', {'prototypeObjectId': prototype['objectId']})
    of = {'objectId': found['objects']['objectId'], 'functionDeclaration': 'function () { return this.length; }'}
    counted = await devtools.send('Runtime.callFunctionOn', {**of, 'returnByValue': True})
    await devtools.send('Runtime.releaseObject', {'objectId': of['objectId']})
    return int(counted['result']['value'])
