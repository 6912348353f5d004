"""The test browser itself: its microphones, and the ear on the remote voice."""

from pathlib import Path

import pytest
from playwright.async_api import Page, Route

from . import speech
from .chromium import Microphone
from .conftest import OpenPage
from .page import EAR, ParleyPage

ADDRESS = 'http://localhost/'  # never fetched: a page at this address counts as secure, which the microphone demands

ASK = """async () => {
    try {
        return (await navigator.mediaDevices.getUserMedia({audio: true})).getAudioTracks()[0].readyState;
    } catch (error) {
        return error.name;
    }
}"""

CALL_ONESELF = """async () => {
    const microphone = await navigator.mediaDevices.getUserMedia({audio: true});
    const [here, there] = [new RTCPeerConnection(), new RTCPeerConnection()];
    here.onicecandidate = ({candidate}) => there.addIceCandidate(candidate);
    there.onicecandidate = ({candidate}) => here.addIceCandidate(candidate);
    there.ontrack = ({streams}) => document.getElementById("remote-voice").srcObject = streams[0];
    here.addTrack(microphone.getAudioTracks()[0], microphone);
    await here.setLocalDescription();
    await there.setRemoteDescription(here.localDescription);
    await there.setLocalDescription();
    await here.setRemoteDescription(there.localDescription);
}"""


async def visit(page: Page) -> Page:
    async def serve(route: Route) -> None:
        await route.fulfill(body='<audio id="remote-voice" autoplay></audio>', content_type='text/html')

    await page.route(ADDRESS, serve)
    await page.goto(ADDRESS)
    return page


@pytest.mark.parametrize(
    ('microphone', 'answer'),
    [('silent', 'live'), ('refused', 'NotAllowedError'), ('missing', 'NotFoundError'), ('busy', 'NotReadableError')],
)
async def test_a_microphone_can_work_or_fail_as_microphones_do(
    open_page: OpenPage, microphone: Microphone, answer: str
) -> None:
    page = await visit(await open_page(microphone))
    assert await page.evaluate(ASK) == answer


async def test_the_ear_hears_the_microphones_file_at_the_far_end_and_then_silence(
    open_page: OpenPage, tmp_path: Path
) -> None:
    hello = speech.microphone(tmp_path / 'hello.wav', 0.5, 'hello', 1.0)
    page = await visit(await open_page(hello, init_script=EAR))
    ear = ParleyPage(page, ADDRESS)
    await page.evaluate(CALL_ONESELF)
    await ear.wait_voice()
    await ear.wait_silence()
    assert await ear.remote_voice_energy(last=0.3) < 0.001 < 0.01 < await ear.remote_voice_energy()


async def test_the_ear_does_not_take_silence_for_a_voice(open_page: OpenPage) -> None:
    page = await visit(await open_page('silent', init_script=EAR))
    ear = ParleyPage(page, ADDRESS)
    await page.evaluate(CALL_ONESELF)
    await ear.wait_silence()
    assert await ear.remote_voice_energy() < 0.001
