"""The page in other languages than English: all of it, and a call works as well."""

import re
from typing import Any

import pytest
from playwright.async_api import expect

from components.words.language import ENGLISH, LANGUAGES
from tests.e2e.conftest import Visit
from tests.e2e.page.test_accessibility import SCREENS
from tests.e2e.witness import REFUSED, WitnessedPage, spoken
from tests.page import choose, unfolded
from tests.words.keys import flat

READ_ALL = """
    () => {
        const shown = (element) => element.checkVisibility() || element.closest("[role=log]");
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        const found = [];
        while (walker.nextNode()) {
            const { parentElement, data } = walker.currentNode;
            if (shown(parentElement) && !parentElement.closest("script, style, .q-icon")) found.push(data.trim());
        }
        for (const name of ["aria-label", "aria-valuetext", "title", "alt", "placeholder"])
            for (const element of document.querySelectorAll(`[${name}]`))
                if (shown(element)) found.push(element.getAttribute(name).trim());
        return [...new Set(found)].filter(Boolean);
    }
"""
"""All that can be read on the page, or is read aloud."""

QUASAR = 'Quasar.Lang.props?.isoName ?? Quasar.Lang.isoName'
"""The language of Quasar's own words, as for a menu without options."""

OWN_NAMES = {'English', 'Bahasa Indonesia'}
"""Names of languages in their own words, on every page."""


async def test_no_english_is_left_on_the_page(visit: Visit) -> None:
    code = 'zh-CN'  # that each text is translated into each language is tested without a browser
    page = await visit(locale=code, **SCREENS['desktop'])
    text = LANGUAGES[code].text
    await expect(page.page.locator('html')).to_have_attribute('lang', code)
    await expect(page.status_line).to_have_text(text('call.states.idle'))
    assert await page.page.evaluate(QUASAR) == code
    read = set(await page.page.evaluate(READ_ALL))

    for control in ('output', 'turn-detection', 'transcription'):  # one of each folded section
        await page.setting(control)
    await page.page.get_by_role('button', name=text('page.call_status')).click()
    for chooser in await page.page.get_by_role('combobox').all():
        if await chooser.is_visible():
            await chooser.click()
            await page.page.get_by_role('listbox').wait_for()
            read |= set(await page.page.evaluate(READ_ALL))
            await page.page.keyboard.press('Escape')
            await page.page.get_by_role('listbox').wait_for(state='detached')
    for buttons in (['persona-new'], ['persona-copy'], ['persona-more', 'persona-share-link']):
        for button in buttons:
            await page.page.get_by_test_id(button).click()
            read |= set(await page.page.evaluate(READ_ALL))
        await page.page.locator('.sheet-card').wait_for()
        read |= set(await page.page.evaluate(READ_ALL))
        await page.page.keyboard.press('Escape')
        await page.page.locator('.sheet-card').wait_for(state='hidden')
    for sheet in ('help', 'sound'):
        await page.page.get_by_test_id(sheet).click()
        await page.page.get_by_test_id(f'{sheet}-sheet').wait_for()
        read |= set(await page.page.evaluate(READ_ALL))
        await page.page.keyboard.press('Escape')

    await page.call()
    await page.deliver(spoken('好的。'))
    await page.wait_turn('assistant', containing='好的。')
    await page.wait_logged('session.created')
    read |= set(await page.page.evaluate(READ_ALL))
    await page.hang_up()
    await page.page.get_by_text(text('chat.ends.call_ended'), exact=True).wait_for()  # Python shows it
    read |= set(await page.page.evaluate(READ_ALL))
    assert [words for words in read if is_english(words, code)] == []


async def test_the_words_of_a_failure_are_in_the_language_of_the_page(visit: Visit) -> None:
    page = await visit(init_script=REFUSED, locale='ja-JP')
    await page.press_call()
    await page.wait_state('failed')
    told = LANGUAGES['ja'].section('failures')['microphone_refused']
    for place in (page.status_line, page.page.locator('[data-testid=ladder-rung][data-state=failed]')):
        await expect(place).to_contain_text(told['sentence'])
        await expect(place).to_contain_text(told['next_step'])


async def test_a_language_without_a_file_gets_english(visit: Visit) -> None:
    page = await visit(locale='de-DE')
    await expect(page.page.locator('html')).to_have_attribute('lang', 'en-US')
    await expect(page.status_line).to_have_text(ENGLISH.text('call.states.idle'))


async def test_another_language_can_be_chosen_and_is_kept_but_not_during_a_call(visit: Visit) -> None:
    page = await visit(locale='ja-JP')
    choice = await unfolded(page.page, 'language-choice')
    await page.call()
    await expect(page.page.get_by_text(LANGUAGES['ja'].text('language_choice.after_call'))).to_be_visible()
    await expect(page.page.locator('.q-field', has=choice)).to_have_attribute('aria-disabled', 'true')
    await page.hang_up()

    await choose(choice, '中文')
    await expect(page.status_line).to_have_text(LANGUAGES['zh-CN'].text('call.states.idle'))
    await page.page.reload()
    await expect(page.page.locator('html')).to_have_attribute('lang', 'zh-CN')
    await page.page.wait_for_function('window.did_handshake')

    await choose(await unfolded(page.page, 'language-choice'), LANGUAGES['zh-CN'].text('language_choice.browser'))
    await expect(page.page.locator('html')).to_have_attribute('lang', 'ja')


@pytest.mark.parametrize(('locale', 'code'), [('en-US', 'en-US'), ('zh-CN', 'zh-CN'), ('ja-JP', 'ja')])
async def test_nothing_sticks_out_on_a_phone(visit: Visit, locale: str, code: str) -> None:
    page = await visit(locale=locale, **SCREENS['phone'])
    assert await page.page.evaluate(QUASAR) == code
    await assert_fits(page)
    await page.call()
    await assert_fits(page)


async def assert_fits(page: WitnessedPage) -> None:
    await page.wait_still()
    width: Any = await page.page.evaluate('[document.documentElement.scrollWidth, innerWidth]')
    assert width[0] <= width[1]


def is_english(words: str, code: str) -> bool:
    """Whether it is something that the page says in English, or contains English words in a row."""
    if words in OWN_NAMES:
        return False
    translated = dict(flat(LANGUAGES[code].words))
    english = {said for key, said in flat(ENGLISH.words) if said != translated[key]}
    return words in english or re.search(r'[a-z]+ [a-z]+', words) is not None
