"""A call is recorded when the host asks for it: each voice on its own channel, played in step with the turns."""

import io
from base64 import b64decode
from pathlib import Path
from typing import Any

import av
import numpy as np
from playwright.async_api import Page, Route, expect

from components.history.recordings.seekable import write_seekable
from tests.e2e.conftest import Speak, Visit, over_both
from tests.e2e.witness import WitnessedPage
from tests.page import unfolded
from tests.speech import words
from tests.witness import edits, words_heard

RATE = 48_000


def channels(file: bytes) -> tuple[bytes, bytes]:
    """The left and the right channel of a recording: s16 at `RATE`."""
    resampler = av.AudioResampler(format='s16', layout='stereo', rate=RATE)
    with av.open(io.BytesIO(file), 'r') as container:
        frames = [part for frame in container.decode(audio=0) for part in resampler.resample(frame)]
    both: Any = np.concatenate([frame.to_ndarray().reshape(-1, 2) for frame in frames])
    return both[:, 0].tobytes(), both[:, 1].tobytes()


async def downloaded(page: Page) -> bytes:
    """Press the button that saves the recording, and read the file."""
    async with page.expect_download() as waiting:
        await page.get_by_test_id('recording-download').click()
    path = await (await waiting.value).path()
    return path.read_bytes()


@over_both
async def test_each_voice_is_recorded_on_its_channel_and_played_in_step_with_the_turns(speak: Speak) -> None:
    page = await speak(2.0, 'hello', 14.0)
    browser = page.page
    await expect(browser.get_by_test_id('recording')).to_have_count(0)
    await (await unfolded(browser, 'record-sound')).click()
    await page.call()
    await expect(browser.get_by_test_id('recording')).to_have_text('Recording')
    said = await page.wait_turn('user', status='done')
    answer = await page.wait_turn('assistant', status='done')
    await page.wait_voice()
    await page.wait_silence(lasting=1)
    await expect(browser.get_by_test_id('recording-player')).to_have_count(0)
    await browser.get_by_test_id('record-sound').click()  # in mid-call, off and on again
    await expect(browser.get_by_test_id('recording')).to_have_count(0)
    await browser.route('**/recordings/**', refuse)
    await browser.get_by_test_id('record-sound').click()
    await expect(page.status_line).to_contain_text('The recording stopped: the disk is full. The call goes on.')
    await expect(browser.get_by_test_id('recording')).to_have_count(0)
    await browser.unroute('**/recordings/**')
    await browser.get_by_test_id('record-sound').click()
    await expect(browser.get_by_test_id('record-sound')).to_have_attribute('aria-checked', 'false')
    await browser.get_by_test_id('record-sound').click()
    await expect(browser.get_by_test_id('recording')).to_have_count(1)
    await browser.get_by_test_id('off-the-record').click()
    await expect(browser.get_by_test_id('recording')).to_have_count(0)
    await page.hang_up()
    await expect(browser.get_by_test_id('recording')).to_have_count(0)

    player = browser.get_by_test_id('recording-player')
    await expect(player).to_be_visible()
    file = await downloaded(browser)
    with av.open(io.BytesIO(file), 'r') as container:
        assert container.duration, 'its header tells how long it is'
    left, right = channels(file)
    assert edits(words_heard(left, RATE), words(said.text)) <= 1
    assert edits(words_heard(right, RATE), words(answer.text)) <= 2

    await follows_its_sound(page)


async def refuse(route: Route) -> None:
    """Answer an upload as if the disk were full."""
    await (route.fulfill(status=507) if route.request.method == 'POST' else route.continue_())


async def follows_its_sound(page: WitnessedPage) -> None:
    """A press on the time of the answer plays from there; then the answer is marked, and no other turn."""
    browser = page.page
    turns = browser.get_by_test_id('turn')
    answer = browser.locator('[data-testid=turn][data-speaker=assistant]').first
    await answer.get_by_test_id('turn-time').press('Enter')
    await expect(answer).to_have_attribute('data-playing', '')
    place = await browser.evaluate(PLACE)
    assert place['current'] > 1, 'the answer is not at the beginning'
    assert 3 < place['duration'] < 120, 'a recording of a browser has no duration of its own'
    await browser.evaluate('document.querySelector("[data-testid=recording-player] audio").currentTime = 0')
    await expect(answer).not_to_have_attribute('data-playing', '')
    assert await turns.count() > 1


async def test_a_voice_is_silent_in_the_recording_while_it_is_not_heard(visit: Visit, tmp_path: Path) -> None:
    """Muting disables the track of the microphone; an interruption ends the sound of the answer."""
    page = await visit()
    recorded = b64decode(await page.page.evaluate(RECORD))
    both = [np.abs(np.frombuffer(channel, '<i2')) for channel in channels(recorded)]
    seconds = [[each[start * RATE // 10 : (start + 5) * RATE // 10].max() for start in (3, 13, 23)] for each in both]
    (muted_before, muted, unmuted), (_, heard, interrupted) = seconds
    assert min(muted_before, unmuted, heard) > 1_000
    assert max(muted, interrupted) < 100

    (tmp_path / 'recorded').write_bytes(recorded)
    assert write_seekable(tmp_path / 'recorded', tmp_path / 'seekable', 'audio/webm')
    with av.open(tmp_path / 'seekable', 'r') as container:
        assert container.duration, 'each browser writes what can be written anew'
        assert 2.5 < container.duration / av.time_base < 5


RECORD = """async () => {
    const { CallRecorder } = await import("recording");
    const pieces = [];
    window.fetch = async (url, { body }) => (pieces.push(body), new Response(null, { status: 204 }));
    const context = new AudioContext();
    await context.resume();
    const pause = (s) => new Promise((resolve) => setTimeout(resolve, 1000 * s));
    const voice = () => {
        const [tone, out] = [new OscillatorNode(context), new MediaStreamAudioDestinationNode(context)];
        tone.connect(out);
        tone.start();
        return { tone, stream: out.stream };
    };
    const [user, assistant] = [voice(), voice()];
    const recorder = new CallRecorder({ onRecording: () => {}, onRefused: (refusal) => console.error(refusal) });
    recorder.follow(context, "user", user.stream);
    recorder.follow(context, "assistant", assistant.stream);
    recorder.goLive();
    recorder.sendTo("/take");
    const { upload } = recorder.recording;
    await pause(1);
    user.stream.getTracks()[0].enabled = false;
    await pause(1);
    user.stream.getTracks()[0].enabled = true;
    assistant.tone.stop();
    await pause(1);
    recorder.end();
    while (upload.number < 2 || upload.waiting.length) await pause(0.05);
    const reader = new FileReader();
    reader.readAsDataURL(new Blob(pieces));
    await new Promise((resolve) => (reader.onload = resolve));
    return reader.result.split(",")[1];
}"""


PLACE = """() => {
    const { currentTime, duration } = document.querySelector("[data-testid=recording-player] audio");
    return { current: currentTime, duration };
}"""
