"""The microphone of a call, with devices that fail as they do in the field; as Parley serves the module."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page

from tests.chromium import Chromium
from tests.e2e.modules import page_with_modules
from tests.parley import Parley

BUILT_IN = {'kind': 'audioinput', 'deviceId': 'b', 'label': 'Built-in'}
HEADSET = {'kind': 'audioinput', 'deviceId': 'h', 'label': 'Headset'}

DEVICES = """() => {
    window.listed = [];
    window.failing = {}; // the name of the error, by the label of the device
    const track = (label) => Object.assign(new EventTarget(), {
        label, muted: false, stop() {}, getSettings: () => ({ sampleRate: window.rate }),
    });
    const { mediaDevices } = navigator;
    mediaDevices.enumerateDevices = async () => listed;
    mediaDevices.getUserMedia = async ({ audio }) => {
        const label = listed.find(({ deviceId }) => deviceId === audio.deviceId?.exact)?.label ?? "Default";
        if (failing[label]) throw new DOMException("So it is.", failing[label]);
        const tracks = [track(label)];
        return { active: true, getTracks: () => tracks, getAudioTracks: () => tracks };
    };
}"""


@pytest_asyncio.fixture(scope='module', loop_scope='session')
async def modules(chromium: Chromium, parley: Parley) -> AsyncIterator[Page]:
    async with page_with_modules(chromium, parley, 'microphone', stops_clock=True) as page:
        await page.evaluate(DEVICES)
        yield page


class Desk:
    """A microphone of which the headset is chosen."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def plug(self, *devices: dict[str, str], failing: dict[str, str] | None = None, rate: int = 48_000) -> None:
        """Have these devices and no others."""
        await self.page.evaluate(
            """([devices, failures, rate]) => {
                listed = devices;
                failing = failures;
                window.rate = rate;
                navigator.mediaDevices.dispatchEvent(new Event("devicechange"));
            }""",
            [devices, failing or {}, rate],
        )

    async def open(self) -> None:
        await self.page.evaluate("""async () => {
            window.told = [];
            window.microphone?.close();
            window.microphone = new Microphone({
                onStream: (stream) => told.push(stream.getTracks()[0].label),
                onMoved: (move) => told.push(move),
                onTrouble: (trouble) => told.push(trouble),
            });
            await microphone.open({ microphone: { id: "h", label: "Headset" } });
        }""")

    async def lose(self) -> None:
        await self.page.evaluate('microphone.stream.getTracks()[0].onended()')

    async def told(self) -> list[str | None]:
        """Return what happened since the last look."""
        await self.page.evaluate("""new Promise((resolve) => {
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = resolve;
            port2.postMessage("everything due is done");
        })""")
        found: list[str | None] = await self.page.evaluate('told.splice(0)')
        return found


@pytest_asyncio.fixture(loop_scope='session')
async def desk(modules: Page) -> Desk:
    return Desk(modules)


@pytest.mark.parametrize('error', ['OverconstrainedError', 'NotReadableError', 'NotFoundError', 'AbortError'])
async def test_a_chosen_device_that_cannot_be_opened_is_replaced_until_it_can(desk: Desk, error: str) -> None:
    await desk.plug(HEADSET, failing={'Headset': error})
    await desk.open()
    assert await desk.told() == ['Default', 'microphone_unusable']
    await desk.plug(HEADSET, failing={'Headset': error})
    assert await desk.told() == ['Default']  # tried, and no second note
    await desk.plug(HEADSET)
    assert await desk.told() == ['Headset', 'microphone_back']


async def test_a_device_that_is_unplugged_is_replaced_until_it_is_back(desk: Desk) -> None:
    await desk.plug(HEADSET)
    await desk.open()
    await desk.plug(BUILT_IN)
    await desk.lose()
    assert await desk.told() == ['Headset', 'Default', 'microphone_moved']
    await desk.plug(BUILT_IN, HEADSET)
    assert await desk.told() == ['Headset', 'microphone_back']


async def test_a_device_that_ends_but_is_still_there_is_opened_again(desk: Desk) -> None:
    await desk.plug(HEADSET)
    await desk.open()
    await desk.lose()
    assert await desk.told() == ['Headset', 'Headset']


async def test_without_any_device_it_says_so_and_tries_again(desk: Desk) -> None:
    await desk.plug(HEADSET)
    await desk.open()
    none = {'Headset': 'NotReadableError', 'Default': 'NotReadableError'}
    await desk.plug(HEADSET, failing=none)
    await desk.lose()
    assert await desk.told() == ['Headset', 'lost']
    await desk.page.evaluate('failing = {}')  # another program lets it go, which is no event
    await desk.page.clock.run_for(1000)
    assert await desk.told() == [None, 'Headset']


async def test_a_device_that_the_system_mutes_says_so(desk: Desk) -> None:
    await desk.plug(HEADSET)
    await desk.open()
    for muted in (True, False):
        await desk.page.evaluate(
            """(muted) => {
                const [track] = microphone.stream.getTracks();
                track.muted = muted;
                track.onmute();
            }""",
            muted,
        )
    assert await desk.told() == ['Headset', 'muted', None]


async def test_a_device_that_changes_its_rate_is_opened_again(desk: Desk) -> None:
    await desk.plug(HEADSET)
    await desk.open()
    await desk.plug(HEADSET)
    assert await desk.told() == ['Headset']
    await desk.plug(HEADSET, rate=16_000)
    assert await desk.told() == ['Headset']


@pytest.mark.parametrize(('policy', 'code'), [('false', 'microphone_forbidden'), ('true', 'microphone_refused')])
async def test_a_forbidden_microphone_is_told_from_a_refused_one(desk: Desk, policy: str, code: str) -> None:
    await desk.plug(failing={'Default': 'NotAllowedError'})
    found: Any = await desk.page.evaluate(
        """(allowed) => {
            const value = { allowsFeature: () => allowed };
            Object.defineProperty(document, "permissionsPolicy", { configurable: true, value });
            const it = new Microphone({ onStream() {}, onMoved() {}, onTrouble() {} });
            const code = it.open({ microphone: null }).catch(({ code }) => code);
            return code.finally(() => delete document.permissionsPolicy);
        }""",
        policy == 'true',
    )
    assert found == code
