"""In every state of the page: no fault by axe's rules, and nothing too small for a thumb on touch screens."""

from collections.abc import Collection, Sequence
from typing import Any, Literal

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import Page, ViewportSize, expect

from components.settings.personas.link import fragment
from components.settings.personas.persona import Persona
from components.words.language import LANGUAGES
from tests.e2e.conftest import Visit
from tests.e2e.witness import REFUSED, WitnessedPage, spoken
from tests.page import unfolded
from tests.parley import Parley

SCREENS: dict[str, dict[str, Any]] = {
    'desktop': {'viewport': {'width': 1280, 'height': 800}},
    'phone': {'viewport': {'width': 360, 'height': 740}, 'is_mobile': True, 'has_touch': True},
}
LANDSCAPE: ViewportSize = {'width': 740, 'height': 360}


@pytest.mark.parametrize('screen', SCREENS)
async def test_the_page_has_no_fault(visit: Visit, screen: str) -> None:
    page = await visit(**SCREENS[screen])
    await assert_accessible_by_day_and_night(page, 'idle')

    await page.call()
    await page.deliver(spoken('Words of an answer.'))
    await page.wait_turn('assistant', containing='Words of an answer.')
    await assert_accessible_by_day_and_night(page, 'live')

    await page.hang_up()
    await page.page.get_by_role('button', name='Call status').click()
    await page.wait_logged('session.created')
    await page.page.get_by_test_id('event-row').first.locator('summary').click()
    await assert_accessible_by_day_and_night(page, 'ended, with the ladder and an event')


async def test_the_settings_have_no_fault(visit: Visit) -> None:
    page = await visit(**SCREENS['phone'])
    await page.page.get_by_role('button', name='Settings').click()
    await page.page.get_by_test_id('help-button').first.click()
    for test_id in ('settings-output', 'settings-silence-ms', 'settings-transcription', 'off-the-record'):
        control = await unfolded(page.page, test_id)
        await control.scroll_into_view_if_needed()
        assert not (faults := await small_targets(page)), f'the settings with {test_id}: {faults}'
    await assert_accessible_by_day_and_night(page, 'all settings')
    await page.page.get_by_test_id('settings-persona').click()
    await page.page.get_by_role('option').first.wait_for()
    await assert_accessible(page, 'cards of personas')


async def test_a_failure_has_no_fault(visit: Visit) -> None:
    page = await visit(init_script=REFUSED, **SCREENS['phone'])
    await page.press_call()
    await page.wait_state('failed')
    await assert_accessible_by_day_and_night(page, 'failed')


@pytest.mark.parametrize(
    ('scheme', 'screen', 'locale'),
    [('light', 'desktop', 'zh-CN'), ('dark', 'phone', 'en-US')],
)
async def test_the_sheets_of_a_call_have_no_fault(visit: Visit, scheme: str, screen: str, locale: str) -> None:
    page = await visit(color_scheme=scheme, locale=locale, **SCREENS[screen])
    text = LANGUAGES[locale].text
    if screen == 'desktop':
        await (await unfolded(page.page, 'captions')).check()
        await assert_accessible(page, 'idle, with words that follow the voice')
        await page.page.get_by_test_id('help').click()
        await page.page.get_by_role('dialog', name=text('call.help.title')).wait_for()
        await assert_accessible(page, 'help')
        await page.page.keyboard.press('Escape')

    await page.page.get_by_test_id('sound').click()
    await assert_accessible(page, 'sound')
    await page.page.get_by_test_id('check-run').click()
    await expect(page.page.get_by_test_id('check')).to_have_attribute('data-verdict', 'silent')
    await assert_accessible(page, 'sound, with a checked microphone')
    await page.page.keyboard.press('Escape')

    await page.page.get_by_role('button', name=text('sharing.button')).click()
    await page.page.get_by_test_id('share-sheet').wait_for()
    await assert_accessible(page, 'not shared')


async def test_the_sheet_of_the_mind_has_no_fault(visit: Visit) -> None:
    page = await visit(**SCREENS['phone'])
    await page.page.get_by_test_id('mind-offer').get_by_role('button').click()
    await page.page.get_by_test_id('mind-facts').wait_for()
    await assert_accessible_by_day_and_night(page, 'mind')


async def test_the_sheets_of_personas_have_no_fault(visit: Visit, parley: Parley) -> None:
    persona = Persona('', 'Ada', 'Counts', 'You are Ada.', 'ash', '', 'Hello.')
    page = await visit(f'{parley.url}#persona={fragment(persona)}', **SCREENS['phone'])
    keep = page.page.get_by_role('button', name='Keep it')
    await keep.wait_for()
    await assert_accessible_by_day_and_night(page, 'preview')
    await keep.click()
    await page.page.get_by_role('button', name='Talk with Ada').click()

    await page.page.get_by_test_id('persona-edit').click()
    await page.page.get_by_test_id('persona-name').fill('')
    await page.page.get_by_test_id('persona-save').click()
    await page.page.get_by_text('Enter a name.').wait_for()
    await assert_accessible_by_day_and_night(page, 'editor')
    await page.page.get_by_role('button', name='Cancel').click()
    await page.page.get_by_text('You have unsaved changes.').wait_for()
    await assert_accessible(page, 'editor, with unsaved words')
    await page.page.get_by_role('button', name='Discard changes').click()

    await page.page.get_by_test_id('persona-more').click()
    await page.page.get_by_test_id('persona-delete').wait_for()
    await assert_accessible(page, 'menu')
    await page.page.get_by_test_id('persona-share-link').click()
    await page.page.get_by_role('button', name='Copy link').wait_for()
    await assert_accessible(page, 'share')


async def assert_accessible_by_day_and_night(page: WitnessedPage, state: str) -> None:
    await show_by(page, 'dark')
    await page.wait_still()
    faults = await found_by_axe(page.page, rules=['color-contrast'])  # all else is the same by day
    assert not faults, f'{state}, dark: {faults}'
    await show_by(page, 'light')
    await assert_accessible(page, f'{state}, light')


async def show_by(page: WitnessedPage, scheme: Literal['dark', 'light']) -> None:
    await page.page.emulate_media(color_scheme=scheme)
    schemed = f'body.body--{scheme}, body:not([class*=body--])'  # NiceGUI's pages follow a moment later
    await page.page.locator(schemed).wait_for()


async def assert_accessible(page: WitnessedPage, state: str) -> None:
    await page.wait_still()
    faults = await found_by_axe(page.page) + await small_targets(page)
    assert not faults, f'{state}: {faults}'


async def found_by_axe(
    page: Page, *, rules: Sequence[str] = (), impacts: Collection[str] = ('moderate', 'serious', 'critical')
) -> list[str]:
    """Return the faults of a page that matter so much, by all rules of axe or by these."""
    if not await page.evaluate('"axe" in window'):
        await page.evaluate(AXE_SCRIPT)
    return [
        f'{fault["id"]}: {node["html"]} ({node["failureSummary"]})'
        for fault in await page.evaluate(RUN_AXE, list(rules))
        if fault['impact'] in impacts
        for node in fault['nodes']
        if not (fault['id'] == 'region' and 'q-portal--menu' in node['html'])  # a popup belongs to its control
    ]


async def small_targets(page: WitnessedPage) -> list[str]:
    """Return what is in sight and too small for a thumb, on a phone also in landscape."""
    await page.wait_still()
    faults = [f'{target} is too small for a thumb' for target in await page.page.evaluate(SMALL_TARGETS)]
    if (size := page.page.viewport_size) and size['width'] < size['height']:
        await page.page.set_viewport_size(LANDSCAPE)
        await page.wait_still()
        small = await page.page.evaluate(SMALL_TARGETS)
        faults += [f'{target} is too small for a thumb in landscape' for target in small]
        await page.page.set_viewport_size(size)
    return faults


RUN_AXE = """async (rules) => {
    const only = rules.length ? { runOnly: rules } : {};
    return (await axe.run(document, { resultTypes: ["violations"], ...only })).violations;
}"""

SMALL_TARGETS = """() => {
    if (!matchMedia("(pointer: coarse)").matches) return [];
    const LEAST = 44;  // pixels, by WCAG 2.2, criterion 2.5.5
    const targets = `a[href], button, input, select, textarea, summary, [tabindex="0"]:not([role=region]):not(pre),
        ${["button", "switch", "option", "menuitem", "combobox", "checkbox"].map((it) => `[role=${it}]`)}`;
    const modal = [...document.querySelectorAll("dialog:modal, .q-dialog__inner, [role=listbox], .q-menu")].at(-1);
    const isSmall = (target) => {
        const style = getComputedStyle(target);
        if (style.display === "inline" && target.matches("a")) return false;  // within a sentence
        const control = target.matches("input") ? target.closest("label, .q-field__control") ?? target : target;
        const box = control.getBoundingClientRect();
        const middle = [box.left + box.width / 2, box.top + box.height / 2];
        const hits = (x, y) => control.contains(document.elementFromPoint(x, y));
        if (!hits(...middle)) return false;  // hidden, or behind something else
        if (box.width >= LEAST - 0.5 && box.height >= LEAST - 0.5) return false;
        const reach = (dx, dy) => {
            let way = 0;
            while (way <= LEAST && hits(middle[0] + dx * way, middle[1] + dy * way)) way++;
            return way;
        };
        return reach(1, 0) + reach(-1, 0) < LEAST || reach(0, 1) + reach(0, -1) < LEAST;
    };
    return [...(modal ?? document).querySelectorAll(targets)].filter(isSmall).map((target) => {
        const { width, height } = target.getBoundingClientRect();
        const name = target.getAttribute("aria-label") ?? target.textContent.trim();
        return `${target.localName} ${target.className} “${name}” (${Math.round(width)} x ${Math.round(height)})`;
    });
}"""
