"""One thumb does all that is done on a desktop; see also the phones in the tests of writing and of sound."""

from playwright.async_api import expect

from components.settings.personas.personas import BUILT_IN
from components.words.language import ENGLISH
from tests.e2e.conftest import Visit
from tests.e2e.conversation.test_hearing import MUTED
from tests.e2e.conversation.test_writing import MOON, PHONE, write
from tests.e2e.witness import ON_CUE
from tests.page import choose


async def test_a_thumb_mutes_and_stops_an_answer(visit: Visit) -> None:
    page = await visit(**PHONE)
    await page.call_button.tap()
    await page.wait_state('live')
    await page.page.get_by_test_id('mute').tap()
    await expect(page.status_line).to_have_text(MUTED)

    await write(page, MOON)
    await page.wait_voice()
    await page.page.get_by_test_id('stop-answer').tap()
    await page.wait_turn('assistant', status='interrupted')
    await expect(page.page.get_by_role('note', name='Not heard')).to_be_attached()
    await expect(page.status_line).to_have_text(MUTED)

    await page.call_button.tap()
    await page.wait_state('ended')


async def test_the_settings_slide_over_a_call_and_away_again(visit: Visit) -> None:
    page = await visit(**PHONE)
    await page.call_button.tap()
    await page.wait_state('live')
    await expect(page.page.get_by_test_id('ladder')).to_be_attached()  # a call fills the drawer that reports on it
    settings = page.page.get_by_test_id('settings-persona')
    await expect(settings).to_have_count(0)  # nobody has seen them

    await page.page.get_by_role('button', name='Settings').tap()
    await expect(settings).to_be_in_viewport()
    await choose(await page.setting('persona'), BUILT_IN['coach'].name, tap=True)
    await page.wait_received('session.updated')
    session = 'witness.received.findLast(({type}) => type === "session.updated").session'
    assert (await page.page.evaluate(f'{session}.instructions')).startswith(BUILT_IN['coach'].instructions)

    await page.page.touchscreen.tap(350, 400)  # beside the drawer
    await expect(settings).not_to_be_in_viewport()
    await expect(page.call_button).to_be_in_viewport(ratio=1)
    assert await page.state() == 'live'


async def test_a_touch_screen_shows_no_keys(visit: Visit) -> None:
    page = await visit(**PHONE)
    await expect(page.page.get_by_test_id('help')).to_be_hidden()
    await page.page.get_by_test_id('push-to-talk').tap()
    await page.call_button.tap()
    await page.wait_state('live')
    hold = ENGLISH.section('call')['talking']['off']
    await expect(page.status_line).to_have_text(hold['touch'])

    session = await page.page.context.new_cdp_session(page.page)
    await session.send('Emulation.setTouchEmulationEnabled', {'enabled': False})  # as if a mouse were plugged in
    await expect(page.status_line).to_have_text(hold['keys'])
    await expect(page.page.get_by_test_id('help')).to_be_visible()


async def test_a_muted_thumb_is_told_what_to_tap(visit: Visit) -> None:
    page = await visit(**PHONE, init_script=ON_CUE)
    await page.page.get_by_test_id('mute').tap()
    await page.call_button.tap()
    await page.wait_state('live')
    await page.say('hello')
    await expect(page.status_line).to_have_text(ENGLISH.text('call.muted_speech.touch'))


async def test_the_page_fits_an_iphone_which_compiles_no_template_for_it(visit: Visit) -> None:
    page = await visit(**PHONE, init_script=IPHONE + COMPILED)
    assert await page.page.evaluate('compiled') == []
    viewport = await page.page.locator('meta[name=viewport]').get_attribute('content')
    assert 'viewport-fit=cover' in (viewport or '')  # or an iPhone says that all its insets are 0
    session = await page.page.context.new_cdp_session(page.page)
    await session.send('Emulation.setSafeAreaInsetsOverride', {'insets': {'top': 59, 'bottom': 34}})
    await expect(page.page.locator('header.top')).to_have_css('height', f'{56 + 59}px')
    await expect(page.page.locator('header.top')).to_have_css('padding-top', '59px')
    await expect(page.page.locator('.call')).to_have_css('padding-bottom', '34px')
    assert await page.page.evaluate('document.documentElement.scrollHeight <= innerHeight')

    await page.page.get_by_test_id('sound').tap()
    await expect(page.page.get_by_test_id('sound-echoCancellation')).to_be_visible()
    for unsupported in ('noiseSuppression', 'autoGainControl', 'volume'):
        await expect(page.page.get_by_test_id(f'sound-{unsupported}')).to_have_count(0)
    await page.page.get_by_test_id('sound-sheet').get_by_role('button', name='Close').tap()

    await page.page.get_by_role('button', name='Settings').tap()
    await page.setting('instructions')
    assert await page.page.evaluate(SMALL_FIELDS) == []


# Safari ignores a set volume there, and does not know two of the constraints.
IPHONE = """
    Object.defineProperty(HTMLMediaElement.prototype, "volume", { get: () => 1, set: () => {} });
    const { echoCancellation, deviceId } = navigator.mediaDevices.getSupportedConstraints();
    navigator.mediaDevices.getSupportedConstraints = () => ({ echoCancellation, deviceId });
"""

# Vue compiles each template to the code of a function.
COMPILED = """
    window.compiled = [];
    const compile = (target, parts) => (window.compiled.push(parts.at(-1)), target(...parts));
    window.Function = new Proxy(Function, {
        apply: (target, _, parts) => compile(target, parts),
        construct: compile,
    });
"""

# iOS zooms in on a field whose text is smaller than 16 px.
SMALL_FIELDS = """() => [...document.querySelectorAll("input, textarea, select")]
    .filter((field) => !["range", "checkbox", "radio"].includes(field.type))
    .filter((field) => parseFloat(getComputedStyle(field).fontSize) < 16)
    .map((field) => field.outerHTML)"""
