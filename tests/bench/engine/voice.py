"""How long from the click to the session, from a sentence to its words and the answer, from an interruption to silence.

    python -m tests.bench.engine.voice [--runs 5]

All is measured in the page, and what is heard on one audio clock: an AudioWorklet tells the loudness of the microphone
and of the remote voice every 10 ms, and every event is stamped. The engine waits 500 ms of silence before it takes a
sentence for finished, as the API does by default; that wait is part of the figures.
"""

import asyncio
from argparse import ArgumentParser
from dataclasses import dataclass

from components.settings.settings import Transport
from tests import speech
from tests.bench.figures import Figure, Side, figure, table
from tests.bench.fresh import Fresh, fresh
from tests.page import ParleyPage

METERS = """
  const METER = `registerProcessor("meter", class extends AudioWorkletProcessor {
    sum = 0; count = 0;
    process([[samples]]) {
      for (const sample of samples ?? []) this.sum += sample * sample;
      this.count += 128;
      if (this.count >= 480) {
        this.port.postMessage([currentTime * 1000, Math.sqrt(this.sum / this.count)]);
        this.sum = this.count = 0;
      }
      return true;
    }
  });`;
  window.loudness = { microphone: [], voice: [] };
  const context = new AudioContext({ sampleRate: 48000 });
  const ready = context.audioWorklet?.addModule(URL.createObjectURL(new Blob([METER], { type: "text/javascript" })));
  const measure = async (stream, into) => {
    await ready;
    const meter = new AudioWorkletNode(context, "meter", { numberOfOutputs: 0 });
    context.createMediaStreamSource(stream).connect(meter);
    meter.port.onmessage = ({ data }) => into.push(data);
  };
  const open = navigator.mediaDevices?.getUserMedia.bind(navigator.mediaDevices);
  if (open) navigator.mediaDevices.getUserMedia = async (constraints) => {
    const stream = await open(constraints);
    window.opened = performance.now();
    measure(stream, loudness.microphone);
    return stream;
  };
  addEventListener("click", () => (window.clicked = performance.now()), { capture: true });
  window.events = [];
  const note = ({ data }) => {
    if (typeof data !== "string") return; // sound, on the relay
    const { type } = JSON.parse(data);
    if (type === "session.created") window.ready ??= performance.now();
    events.push([context.currentTime * 1000, type]);
  };
  const createDataChannel = RTCPeerConnection.prototype.createDataChannel;
  RTCPeerConnection.prototype.createDataChannel = function (...parameters) {
    const channel = createDataChannel.apply(this, parameters);
    channel.addEventListener("message", note);
    return channel;
  };
  window.WebSocket = class extends WebSocket {
    constructor(...parameters) {
      super(...parameters);
      if (!this.url.includes("/relay/")) return;
      this.addEventListener("message", note);
    }
  };
  let heard;
  setInterval(() => {
    const stream = document.getElementById("remote-voice")?.srcObject;
    if (stream && stream !== heard) measure((heard = stream), loudness.voice);
  }, 5);"""

QUIET = 0.01  # RMS; speech is ten times louder, silence a hundred times fainter
Loudness = list[tuple[float, float]]
FIGURES = {
    'ready': 'click to session ready',
    'opened': 'microphone open to session ready',
    'speech_stopped': 'end of speech to speech_stopped (500 ms of it the wait for silence)',
    'completed': 'end of speech to its words',
    'answer': 'end of speech to first sound of the answer',
    'speech_started': 'begin of an interruption to speech_started',
    'silence': 'begin of an interruption to silence',
}
BESIDE = {'ready': 'opened', 'completed': 'speech_stopped', 'answer': 'speech_stopped', 'silence': 'speech_started'}
"""The other side of each: the part of it that the engine cannot spare."""


@dataclass(frozen=True)
class Talk:
    """How long the session took to be ready, and on the audio clock, when both sentences were audible, the sound of the
    answer, and the events: all in milliseconds.
    """

    ready: float
    opened: float
    sentence: list[float]
    interruption: list[float]
    voice: Loudness
    events: list[tuple[float, str]]

    def figures(self) -> dict[str, float]:
        end, begin = self.sentence[-1], self.interruption[0]
        return {
            'ready': self.ready,
            'opened': self.opened,
            'speech_stopped': self._first('input_audio_buffer.speech_stopped') - end,
            'completed': self._first('conversation.item.input_audio_transcription.completed') - end,
            'answer': first(self.voice, after=end) - end,
            'speech_started': self._first('input_audio_buffer.speech_started', after=begin) - begin,
            'silence': last(self.voice, before=begin + 1500) - begin,
        }

    def _first(self, type: str, *, after: float = 0) -> float:
        return next(at for at, each in self.events if each == type and at > after)


async def main() -> None:
    parser = ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--runs', type=int, default=5)
    print(table(await measure(parser.parse_args().runs)))


async def measure(runs: int) -> list[Figure]:
    """Talk so many times."""
    async with fresh() as start:
        talks = [(await converse(start)).figures() for _ in range(runs)]
    seen = {name: [talk[name] for talk in talks] for name in FIGURES}
    return [
        figure(words, seen[name], against=Side(FIGURES[other], seen[other]) if other else None)
        for name, words in FIGURES.items()
        for other in [BESIDE.get(name)]
        if name not in BESIDE.values()
    ]


async def converse(start: Fresh, transport: Transport = 'webrtc') -> Talk:
    """Ask for a long answer and interrupt it."""
    microphone = speech.microphone(start.folder / 'moon.wav', 2.0, 'moon', 5.0, 'stop', 4.0)
    page = await start.chromium.open_page(microphone, init_script=METERS)
    try:
        devtools = await page.context.new_cdp_session(page)
        await devtools.send('Page.setBypassCSP', {'enabled': True})  # the meter is no module of Parley's
        shown = await ParleyPage(page, start.parley.url).open()
        await shown.choose_transport(transport)
        await shown.press_call()
        await shown.wait_turn('assistant', status='interrupted')
        await shown.wait_turn('user', containing='stop', status='done')
        heard: Loudness = await page.evaluate('loudness.microphone')
        voice: Loudness = await page.evaluate('loudness.voice')
        events: list[tuple[float, str]] = await page.evaluate('events')
        ready, opened = await page.evaluate('[ready - clicked, ready - opened]')
    finally:
        if page.context.browser:
            await start.chromium.close_page(page)
    peak = max(level for _, level in heard)
    spoken = [at for at, level in heard if level > 0.06 * peak]
    gap = max(range(1, len(spoken)), key=lambda index: spoken[index] - spoken[index - 1])
    return Talk(ready, opened, spoken[:gap], spoken[gap:], voice, events)


def first(voice: Loudness, *, after: float) -> float:
    return next(at for at, level in voice if at > after and level > QUIET)


def last(voice: Loudness, *, before: float) -> float:
    return max(at for at, level in voice if at < before and level > QUIET)


if __name__ == '__main__':
    asyncio.run(main())
