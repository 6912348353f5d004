"""A page of Parley on record: what it heard, received and showed, also where that was too short to be looked at."""

import re
from base64 import b64encode
from typing import Any

from playwright.async_api import Page, expect

from components.settings.settings import Transport
from components.words.language import ENGLISH
from tests.page import EAR, WAIT, ParleyPage, ShownTurn
from tests.speech import sentence, words

# To be run before the page's own scripts. Texts are recorded whenever they change, so none is missed. `witness.line` is
# what carries the events of the newest call: a data channel, or the relay's WebSocket.
WITNESS = (
    EAR
    + """
    window.witness = { tracks: [], line: null, sent: [], received: [], sentences: [], turns: [] };

    const ask = navigator.mediaDevices?.getUserMedia.bind(navigator.mediaDevices);
    if (ask) navigator.mediaDevices.getUserMedia = async (constraints) => {
        const stream = await ask(constraints);
        witness.tracks.push(...stream.getTracks());
        return stream;
    };

    const createDataChannel = RTCPeerConnection.prototype.createDataChannel;
    RTCPeerConnection.prototype.createDataChannel = function (...parameters) {
        return record(createDataChannel.apply(this, parameters));
    };
    window.WebSocket = class extends WebSocket {
        constructor(...parameters) {
            super(...parameters);
            if (/\\/relay\\//.test(this.url)) record(this);
        }
    };
    const record = (line) => {
        const { send } = line;
        line.send = (data) => {
            const event = typeof data === "string" ? JSON.parse(data) : { type: "relay.sound" };
            if (!event.type.startsWith("relay.")) witness.sent.push(event);
            send.call(line, data);
        };
        return (witness.line = line);
    };
    addEventListener("realtime", ({ detail }) => witness.received.push(detail));

    addEventListener("DOMContentLoaded", () => {
        const note = (list, entry) => JSON.stringify(list.at(-1)) !== JSON.stringify(entry) && list.push(entry);
        const look = () => {
            const sentence = document.querySelector(".call__sentence")?.textContent;
            if (sentence) note(witness.sentences, sentence);
            const turns = [...document.querySelectorAll("[data-testid=turn]")].map((turn) => ({
                speaker: turn.dataset.speaker,
                status: turn.dataset.status,
                text: turn.querySelector("[data-testid=turn-text]").textContent.trim().replace(/\\s+/g, " "),
            }));
            note(witness.turns, turns);
        };
        new MutationObserver(look).observe(document.body, {
            subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ["data-status"],
        });
    });
    """
)


ROOM = """
    window.room = { spoken: false, quiet: false, since: Infinity };
    const ask = navigator.mediaDevices.getUserMedia;
    navigator.mediaDevices.getUserMedia = async (constraints) => {
        const stream = await ask(constraints);
        const context = new AudioContext();
        const analyser = context.createAnalyser();
        context.createMediaStreamSource(stream.clone()).connect(analyser);
        const samples = new Float32Array(analyser.fftSize);
        let lastSound = Infinity;
        setInterval(() => {
            analyser.getFloatTimeDomainData(samples);
            if (samples.some((sample) => Math.abs(sample) > 0.05)) {
                room.spoken = true;
                lastSound = performance.now();
                room.since = Math.min(room.since, lastSound);
            }
            room.quiet = performance.now() - lastSound > 1000;
        }, 20);
        return stream;
    };
"""
"""A second ear at the microphone, which hears what is said to a muted page: `room.spoken`, and `room.quiet` since.

`room.since` is when it began, on the page's clock.
"""


HOLD = """
    window.hold = {
        at(step) {
            hold.step = step;
            hold.released = new Promise((resolve) => (hold.release = () => ((hold.step = ""), resolve())));
        },
    };
    const pass = (step) => step === hold.step && hold.released;
    const getUserMedia = navigator.mediaDevices.getUserMedia;
    navigator.mediaDevices.getUserMedia = async (constraints) => (await pass("microphone"), getUserMedia(constraints));
    const post = window.fetch;
    window.fetch = async (url, options) => (
        String(url).endsWith("/realtime/calls") && (await pass("offer")), post(url, options)
    );
    window.WebSocket = class extends WebSocket {
        set onmessage(listener) {
            this.listener = listener;
            const isRelay = /\\/relay\\//.test(this.url);
            super.onmessage = async (event) => (isRelay && (await pass("relay")), this.listener?.(event));
        }
    };
"""
"""Holds a step of the way up from `hold.at(step)` until `hold.release()`: the browser's question, or an answer."""

ON_CUE = """
    navigator.mediaDevices.getUserMedia = async () => {
        const context = new AudioContext({ sampleRate: 48000 });
        const room = context.createMediaStreamDestination();
        witness.say = async (sound) => {
            const bytes = Uint8Array.from(atob(sound), (letter) => letter.charCodeAt(0));
            const samples = new Int16Array(bytes.buffer);
            const source = context.createBufferSource();
            const buffer = context.createBuffer(1, samples.length, context.sampleRate);
            buffer.copyToChannel(Float32Array.from(samples, (sample) => sample / 32768), 0);
            source.buffer = buffer; // filled by now: Firefox plays what it holds when it is set
            source.connect(room);
            source.start();
            await new Promise((resolve) => (source.onended = resolve));
        };
        witness.tracks.push(...room.stream.getTracks());
        return room.stream;
    };
"""
"""A microphone that hears what a test says when it says so, however slow the machine is; see `WitnessedPage.say`."""


REFUSED = """
    navigator.mediaDevices.getUserMedia = async () => {
        throw new DOMException("Permission denied", "NotAllowedError");
    };
"""
"""A visitor who refuses the microphone, for tests of what follows: a browser that really asks takes long to start."""


class WitnessedPage(ParleyPage):
    """Parley's page with a record. The page must have been made with `init_script=WITNESS`.

    Its calls must take this transport, if one is given.
    """

    def __init__(self, page: Page, url: str, transport: Transport | None = None) -> None:
        super().__init__(page, url)
        self.transport = transport

    async def call(self) -> None:
        """Press the button and wait until the call is live, by the transport that it must take."""
        await super().call()
        if self.transport:
            way = self.page.get_by_test_id('call-way')
            await expect(way).to_have_attribute('data-transport', self.transport)

    async def leave(self) -> None:
        """Go elsewhere, so that nothing is left of the page's calls."""
        if not self.page.is_closed():
            await self.page.goto('about:blank')

    async def microphones(self) -> list[str]:
        """Tell of every microphone track ever opened whether it is `live` or `ended`."""
        return list(await self.page.evaluate('witness.tracks.map(({readyState}) => readyState)'))

    async def sentences(self) -> list[str]:
        """Tell what the status line said, one after the other."""
        return list(await self.page.evaluate('witness.sentences'))

    async def versions(self, speaker: str) -> list[tuple[str, str]]:
        """Tell status and text of this speaker's first turn, each time that one of them had changed."""
        versions: list[tuple[str, str]] = []
        for turns in await self.page.evaluate('witness.turns'):
            for turn in turns:
                if turn['speaker'] == speaker:
                    if (version := (turn['status'], turn['text'])) not in versions:
                        versions.append(version)
                    break
        return versions

    async def say(self, name: str) -> None:
        """Speak one of the sentences of `tests.speech`. The page needs the script `ON_CUE`, and a microphone open."""
        await self.page.evaluate('(sound) => witness.say(sound)', b64encode(sentence(name)).decode())

    async def wait_said(self) -> None:
        """Wait until somebody has spoken into the microphone and is silent again, heard by the page or not.

        The page needs the script `ROOM`.
        """
        await self.page.wait_for_function('room.spoken && room.quiet')

    async def received(self) -> list[str]:
        """Tell the types of all events that arrived in this call and those before."""
        return list(await self.page.evaluate('witness.received.map(({type}) => type)'))

    async def refusals(self) -> set[str]:
        """Tell the codes of all errors that the service sent, but for cancelling what was done already."""
        errors = 'witness.received.filter(({type}) => type === "error")'
        codes = await self.page.evaluate(f'{errors}.map(({{error}}) => error.code)')
        return set(codes) - {'response_cancel_not_active'}

    async def wait_received(self, type: str, *, within: float = WAIT) -> None:
        """Wait until an event of this type has arrived in the browser."""
        await self.page.wait_for_function(
            '(type) => witness.received.some((event) => event.type === type)', arg=type, timeout=within * 1000
        )

    async def deliver(self, event: dict[str, Any]) -> None:
        """Let an event arrive in the call, as if the service had sent it."""
        await self.page.evaluate(
            '(event) => witness.line.dispatchEvent(new MessageEvent("message", {data: JSON.stringify(event)}))',
            event,
        )

    async def wait_logged(self, type: str, *, count: int = 1) -> None:
        """Wait until the event log has so many rows with this type."""
        await expect(self.event_log.locator(f'[data-testid=event-row][data-type="{type}"]')).to_have_count(
            count, timeout=WAIT * 1000
        )

    async def wait_rung(self, rung: str, state: str) -> None:
        """Wait until this rung of the ladder is in this state."""
        await expect(self.page.locator(f'[data-testid=ladder-rung][data-rung={rung}]')).to_have_attribute(
            'data-state', state
        )

    async def wait_rungs(self, state: str) -> None:
        """Wait until the ladder is there and all its rungs are in this state."""
        await expect(self.page.get_by_test_id('ladder-rung')).not_to_have_count(0)
        others = self.page.locator(f'[data-testid=ladder-rung]:not([data-state={state}])')
        await expect(others).to_have_count(0)

    async def wait_failure(self, code: str, rung: str | None = None) -> None:
        """Wait until the call has failed with the words for this code, in the status line and at this rung alone."""
        await self.wait_state('failed')
        failure = ENGLISH.section('failures')[code]
        openings = [failure['sentence'], *([failure['said'].partition('{')[0]] if 'said' in failure else [])]
        sentence = re.compile('|'.join(map(re.escape, openings)))  # with the service's own words, or without
        await expect(self.status_line).to_contain_text(sentence)
        await expect(self.status_line).to_contain_text(failure['next_step'])
        failed = self.page.locator('[data-testid=ladder-rung][data-state=failed]')
        if rung is None:
            await expect(failed).to_have_count(0)
        else:
            await expect(failed).to_have_attribute('data-rung', rung)
            await expect(failed).to_contain_text(sentence)
            await expect(failed).to_contain_text(failure['next_step'])
        await expect(self.page.locator('[data-testid=ladder-rung][data-state=active]')).to_have_count(0)


def sounds_like(turn: ShownTurn, sentence: str) -> bool:
    """Whether a turn has every word of the sentence, and no other."""
    return words(turn.text) == words(sentence)


def spoken(text: str) -> dict[str, str | int]:
    """An event of the service: words of an answer that has not ended."""
    place: dict[str, str | int] = {'item_id': 'item_1', 'response_id': 'resp_1', 'output_index': 0, 'content_index': 0}
    return {'type': 'response.output_audio_transcript.delta', **place, 'delta': text}
