"""Giving the engine a mind in a real browser: what is offered, fetched, used and removed."""

from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.page import choose

PROGRAM = 'tests/settings/mind/mind_page.py'


@pytest.fixture
def page(widget_page: Page) -> Page:
    return widget_page


async def steer(page: Page, **changes: Any) -> None:
    """Change the hub."""
    assert (await page.request.post(f'{page.url}hub', data=changes)).ok


async def press(page: Page, button: str) -> None:
    await page.get_by_role('dialog').get_by_role('button', name=button, exact=True).click()


async def test_a_mind_is_fetched_used_and_removed(page: Page) -> None:
    offer, row = page.get_by_test_id('mind-offer'), page.get_by_test_id('mind-row')
    await expect(offer).to_contain_text('There is no language model yet: simple rules answer.')
    await expect(row).to_contain_text('Answers: built in')

    await offer.get_by_role('button', name='Give it a mind').click()
    await expect(page.get_by_test_id('mind-machine')).to_contain_text('cores and')
    await expect(page.get_by_role('radio', name='Small')).to_be_checked()
    facts = page.get_by_test_id('mind-facts')
    for fact in ('nobody/small', 'Nobody · MIT', 'English', 'GB of memory while it runs', 'SHA-256'):
        await expect(facts).to_contain_text(fact)

    await steer(page, hold_at=2_500_000)
    await press(page, 'Fetch and use')
    await expect(page.get_by_test_id('mind-progress')).to_contain_text('(49 %)')
    await expect(page.get_by_role('progressbar', name='Fetched so far')).to_be_visible()
    await press(page, 'Stop fetching')
    await steer(page, hold_at=None, break_at=3_500_000)
    await press(page, 'Continue fetching')
    await expect(page.get_by_test_id('mind-problem')).to_contain_text('broke off. The part that arrived is kept')
    await expect(page.get_by_role('dialog')).to_contain_text('By hand: download the file below as small.gguf')
    await steer(page, break_at=None)
    await press(page, 'Continue fetching')

    await expect(page.get_by_role('radio', name='Small · 0.0\N{NO-BREAK SPACE}GB · in use')).to_be_visible()
    await press(page, 'Close')
    await expect(offer).to_be_hidden()
    await expect(row).to_contain_text('Answers: Small on this computer.')

    await row.get_by_role('button', name='Change').click()
    await press(page, 'Use the rules')
    await expect(page.get_by_text('The built-in rules answer from now on.')).to_be_visible()
    await row.get_by_role('button', name='Give it a mind').click()
    await press(page, 'Use this model')
    await expect(row).to_contain_text('Answers: Small')
    await row.get_by_role('button', name='Change').click()
    await press(page, 'Delete the file')
    await expect(page.get_by_role('radio', name='recommended')).to_be_visible()
    await press(page, 'Close')
    await expect(offer).to_be_visible()


async def test_another_model_is_chosen_by_keyboard(page: Page) -> None:
    await page.get_by_test_id('mind-row').get_by_role('button').click()
    big = page.get_by_role('radio', name='Big')
    await big.focus()
    await big.press('Space')
    await expect(big).to_be_checked()
    await expect(page.get_by_test_id('mind-facts')).to_contain_text('9.0 GB of memory')
    await expect(page.get_by_test_id('mind-facts')).to_contain_text('more than a hundred')
    await expect(big).to_be_focused()


async def test_a_guest_is_told_to_ask_the_host(page: Page) -> None:
    await page.goto(f'{page.url}guest')
    offer = page.get_by_test_id('mind-offer')
    await expect(offer).to_have_text(
        'There is no language model yet: simple rules answer. Ask the host to give it a mind.'
    )
    await expect(page.get_by_role('button')).to_have_count(0)


async def test_an_ollama_on_this_computer_is_one_click_away(page: Page) -> None:
    await page.goto(f'{page.url}ollama')
    row = page.get_by_test_id('mind-row')
    await row.get_by_role('button', name='Give it a mind').click()
    offer = page.get_by_test_id('mind-ollama')
    await expect(offer).to_contain_text('Ollama runs on this computer and can answer at once.')
    await choose(offer.get_by_role('combobox', name='Model'), 'qwen3:4b')
    await offer.get_by_role('button', name='Use Ollama').click()
    await expect(page.get_by_text('qwen3:4b answers from now on.')).to_be_visible()
    await expect(row).to_contain_text('Answers: localhost:11434.')
