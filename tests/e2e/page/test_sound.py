"""Microphone and speaker: chosen, kept, changed in a call and lost in one; and the check of a microphone."""

import json
from typing import Any

from playwright.async_api import expect

from components.words.language import ENGLISH
from tests import speech
from tests.conftest import OpenPage
from tests.e2e.conftest import Speak, Visit, over_both
from tests.e2e.plain_proxy import PlainProxy
from tests.e2e.witness import WITNESS, WitnessedPage
from tests.parley import Parley

TEXTS, FAILURES = ENGLISH.section('call'), ENGLISH.section('failures')
FIRST, SECOND = 'Fake Audio Input 1', 'Fake Audio Input 2'  # what Chromium's two fake devices are called
OUTPUT = 'Fake Audio Output 2'


@over_both
async def test_another_microphone_and_speaker_are_used_in_the_call_that_is_on(speak: Speak) -> None:
    page = await speak(1.5, 'hello')
    await page.page.evaluate(f'() => {{ {NEGOTIATIONS} }}')
    await page.call()
    placed = await page.page.evaluate('negotiations')
    assert placed == PLACED[page.transport or 'webrtc']
    await choose(page, 'microphone', SECOND)
    await page.page.wait_for_function(ONE_LIVE, arg=SECOND)
    await choose(page, 'speaker', OUTPUT)
    await page.page.wait_for_function(SPEAKER, arg=OUTPUT)
    await page.wait_turn('assistant', containing='hear you', status='done')  # so it is really sent
    await page.wait_received('output_audio_buffer.stopped')
    assert await page.page.evaluate('witness.tracks.length') == 2
    assert await page.page.evaluate('negotiations') == placed
    assert await page.state() == 'live'
    await page.page.keyboard.press('Escape')  # the sheet gives way to the button
    await page.hang_up()
    assert set(await page.microphones()) == {'ended'}


async def test_the_chosen_devices_are_kept_in_the_browser(visit: Visit) -> None:
    page = await visit(viewport={'width': 360, 'height': 640})
    await page.call()
    await choose(page, 'microphone', SECOND)
    await page.page.wait_for_function(ONE_LIVE, arg=SECOND)
    await choose(page, 'speaker', OUTPUT)
    await page.page.wait_for_function(SPEAKER, arg=OUTPUT)
    await page.page.get_by_test_id('sound-volume').fill('0.3')
    await page.page.wait_for_function('document.getElementById("remote-voice").volume === 0.3')
    await page.page.get_by_test_id('sound-noiseSuppression').uncheck()
    await page.page.wait_for_function('!witness.tracks.at(-1).getSettings().noiseSuppression')

    await page.open()
    await page.call()
    await page.page.wait_for_function(ONE_LIVE, arg=SECOND)
    await page.page.wait_for_function(SPEAKER, arg=OUTPUT)
    voice = 'document.getElementById("remote-voice").volume'
    assert await page.page.evaluate(voice) == 0.3
    settings = await page.page.evaluate('witness.tracks.at(-1).getSettings()')
    assert (settings['noiseSuppression'], settings['echoCancellation']) == (False, True)


@over_both
async def test_an_unplugged_microphone_gives_way_to_the_systems_own_until_it_is_back(visit: Visit) -> None:
    page = await visit(init_script=UNPLUGGABLE)
    await page.call()
    await choose(page, 'microphone', SECOND)
    await page.page.wait_for_function(ONE_LIVE, arg=SECOND)
    await page.page.evaluate('(label) => unplug(label)', SECOND)
    await page.page.evaluate('witness.tracks.at(-1).dispatchEvent(new Event("ended"))')
    label = 'Fake Default Audio Input'
    await expect(note(page)).to_have_text(TEXTS['microphone_moved'].replace('{label}', label))
    await page.page.wait_for_function(ONE_LIVE, arg=label)
    await page.page.evaluate('(label) => plug(label)', SECOND)
    await expect(note(page)).to_have_text(TEXTS['microphone_back'].replace('{label}', SECOND))
    await page.page.wait_for_function(ONE_LIVE, arg=SECOND)
    assert await page.state() == 'live'


async def test_devices_that_are_not_there_any_more(visit: Visit) -> None:
    gone = {'id': 'gone', 'label': 'A headset'}
    page = await visit(init_script=kept(microphone=gone, speaker=gone))
    await page.call()
    await page.page.wait_for_function(ONE_LIVE, arg='Fake Default Audio Input')
    await page.page.get_by_test_id('sound').click()
    for kind in ('microphone', 'speaker'):
        chosen = page.page.get_by_test_id(f'sound-{kind}').locator('option:checked')
        await expect(chosen).to_have_text('A headset (not connected)')
    await expect(note(page)).to_contain_text('is not connected')


async def test_a_device_is_found_again_by_its_name(visit: Visit) -> None:
    yesterday = {'id': 'of yesterday', 'label': FIRST}
    page = await visit(init_script=kept(microphone=yesterday, volume=7, autoGainControl=1))  # and garbage
    await page.call()
    await page.page.wait_for_function(ONE_LIVE, arg=FIRST)
    assert (await page.page.evaluate('witness.tracks[0].getSettings()'))['autoGainControl'] is True


async def test_a_speaker_that_is_unplugged_during_the_call(visit: Visit) -> None:
    page = await visit(init_script=UNPLUGGABLE)
    await page.call()
    await choose(page, 'speaker', OUTPUT)
    await page.page.wait_for_function(SPEAKER, arg=OUTPUT)
    await page.page.evaluate('(label) => unplug(label)', OUTPUT)
    await expect(note(page)).to_have_text(TEXTS['speaker_moved'])
    await page.page.wait_for_function('document.getElementById("remote-voice").sinkId === ""')
    assert await page.state() == 'live'


async def test_a_microphone_that_cannot_be_opened_leaves_the_one_before(visit: Visit) -> None:
    page = await visit()
    await page.call()
    await page.page.evaluate("""() => {
        navigator.mediaDevices.getUserMedia = async () => { throw new DOMException("Busy", "NotReadableError"); };
    }""")
    await choose(page, 'microphone', SECOND)
    await expect(note(page)).to_have_text(FAILURES['microphone_busy']['sentence'])
    await expect(page.page.get_by_test_id('sound-microphone').locator('option:checked')).to_have_text(
        TEXTS['sound']['system']
    )
    assert await page.microphones() == ['live']
    assert await page.state() == 'live'


async def test_a_microphone_that_cannot_be_opened_again_leaves_the_call_without_one(visit: Visit) -> None:
    page = await visit()
    await page.call()
    await page.page.evaluate("""() => {
        navigator.mediaDevices.getUserMedia = async () => { throw new DOMException("Busy", "NotReadableError"); };
    }""")
    await page.page.get_by_test_id('sound').click()
    await page.page.get_by_test_id('sound-noiseSuppression').click()
    await expect(page.status_line.get_by_test_id('notice')).to_have_attribute('data-code', 'microphone_lost')
    await expect(note(page)).to_have_attribute('data-code', 'microphone_busy')
    assert await page.microphones() == ['ended']
    assert await page.state() == 'live'


async def test_a_browser_that_keeps_nothing_calls_all_the_same(visit: Visit) -> None:
    page = await visit(init_script=KEEPS_NOTHING)
    await page.call()
    assert await page.page.evaluate('forbidden') > 0


# As where a user has forbidden sites to keep data.
KEEPS_NOTHING = """
    window.forbidden = 0;
    Object.defineProperty(window, "localStorage", { get: () => {
        forbidden++;
        throw new DOMException("The operation is insecure.", "SecurityError");
    } });
"""


async def test_the_check_of_a_good_microphone(open_page: OpenPage, parley: Parley, tmp_path: Any) -> None:
    sound = speech.microphone(tmp_path / 'mic.wav', 0.2, 'hello', 'what_can_you_do', 1.0)
    page = WitnessedPage(await open_page(sound, phone=True, init_script=WITNESS), parley.url)
    await page.open()
    await page.page.get_by_test_id('check-offer').click()
    check = page.page.get_by_test_id('check')
    await expect(check).to_contain_text('Say a few words')
    await page.page.wait_for_function('Number(document.querySelector("[role=meter]").ariaValueNow) > -40')
    await expect(check).to_have_attribute('data-verdict', 'good')
    await expect(check).to_contain_text('Your microphone works well. ')
    await expect(check).to_contain_text('Noise between words: −')
    assert await page.microphones() == ['ended']

    await page.page.wait_for_function('document.getElementById("recorded-voice").ended')
    heard = 'document.getElementById("recorded-voice").currentTime'
    assert 1.5 < await page.page.evaluate(heard) < 3
    await page.page.get_by_test_id('check-play').click()
    await page.page.wait_for_function('!document.getElementById("recorded-voice").ended')
    await page.page.keyboard.press('Escape')
    await expect(page.page.get_by_test_id('check-offer')).to_have_count(0)  # done, once and for all
    await page.open()
    await expect(page.page.get_by_test_id('check-offer')).to_have_count(0)


async def test_the_check_of_a_silent_microphone(visit: Visit) -> None:
    page = await visit()
    await page.page.get_by_test_id('check-offer').click()
    check = page.page.get_by_test_id('check')
    await expect(check).to_have_attribute('data-verdict', 'silent')
    await expect(check.get_by_test_id('notice')).to_have_attribute('data-code', 'silent')
    await expect(check).to_contain_text('No sound from the microphone. It may be muted')


async def test_the_check_without_a_microphone(visit: Visit) -> None:
    """Real browsers throw these errors in `test_failures`."""
    page = await visit()
    button = page.page.get_by_test_id('check-offer')
    for error, code in ERRORS.items():
        await page.page.evaluate(
            """(error) => {
                navigator.mediaDevices.getUserMedia = async () => { throw new DOMException("So it is.", error); };
            }""",
            error,
        )
        await button.click()
        await assert_check_fails(page, code)
        button = page.page.get_by_test_id('check-run')


ERRORS = {
    'NotAllowedError': 'microphone_refused',
    'NotFoundError': 'microphone_missing',
    'NotReadableError': 'microphone_busy',
}


async def test_the_check_at_an_insecure_address(visit: Visit, parley: Parley) -> None:
    async with PlainProxy(parley) as proxy:
        page = await visit(proxy.url)
        await page.page.get_by_test_id('check-offer').click()
        await assert_check_fails(page, 'insecure_page')


async def choose(page: WitnessedPage, kind: str, label: str) -> None:
    if not await page.page.get_by_test_id('sound-sheet').is_visible():
        await page.page.get_by_test_id('sound').click()
    select = page.page.get_by_test_id(f'sound-{kind}')
    await expect(select.locator('option', has_text=label)).to_have_count(1)
    await select.select_option(label=label)


async def assert_check_fails(page: WitnessedPage, code: str) -> None:
    check = page.page.get_by_test_id('check')
    await expect(check).to_have_attribute('data-verdict', code)
    await expect(check).to_contain_text(FAILURES[code]['sentence'])
    await expect(check).to_contain_text(FAILURES[code]['next_step'])
    await expect(page.page.get_by_test_id('check-run')).to_be_enabled()


def note(page: WitnessedPage) -> Any:
    return page.page.get_by_test_id('call-note')


def kept(**sound: object) -> str:
    """Return a script that keeps an earlier choice in the browser."""
    return f'localStorage.setItem("parley.sound", {json.dumps(json.dumps(sound))});'


ONE_LIVE = """(label) => {
    const live = witness.tracks.filter(({ readyState }) => readyState === "live");
    return live.length === 1 && live[0].label === label;
}"""
"""Whether one microphone is open, and it is this one."""

NEGOTIATIONS = """
    window.negotiations = [];
    const note = (owner, name, isOne = () => true) => {
        const original = owner[name];
        owner[name] = function (...parameters) {
            if (isOne(...parameters)) negotiations.push(name);
            return original.apply(this, parameters);
        };
    };
    for (const name of ["createOffer", "setLocalDescription", "setRemoteDescription", "restartIce"])
        note(RTCPeerConnection.prototype, name);
    note(window, "fetch", (url) => String(url).endsWith("/realtime/calls"));
    window.WebSocket = class extends WebSocket {
        constructor(...parameters) {
            super(...parameters);
            if (/\\/relay\\//.test(this.url)) negotiations.push("WebSocket");
        }
    };
"""
"""Keeps what is done to agree on how the call's sound travels."""

PLACED = {'webrtc': ['setLocalDescription', 'fetch', 'setRemoteDescription'], 'relay': ['WebSocket']}
"""The steps that were made when a call is live. `setLocalDescription` makes the offer, too."""

SPEAKER = """async (label) => {
    const { sinkId } = document.getElementById("remote-voice");
    return (await navigator.mediaDevices.enumerateDevices()).some((it) => it.deviceId === sinkId && it.label === label);
}"""

UNPLUGGABLE = """
    const { mediaDevices } = navigator;
    const enumerate = mediaDevices.enumerateDevices.bind(mediaDevices);
    const gone = new Set();
    mediaDevices.enumerateDevices = async () => (await enumerate()).filter(({ label }) => !gone.has(label));
    const change = () => mediaDevices.dispatchEvent(new Event("devicechange"));
    window.unplug = (label) => (gone.add(label), change());
    window.plug = (label) => (gone.delete(label), change());
"""
