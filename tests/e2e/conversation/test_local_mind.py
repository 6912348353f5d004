"""A conversation with a language model on this computer. Its answers are nonsense, but they are heard and stop."""

from pathlib import Path

from playwright.async_api import expect

from components.engine.local_mind.models import MODELS
from tests.conftest import OpenParley, StartParley
from tests.e2e.witness import sounds_like
from tests.speech import microphone

LISTED = next(iter(MODELS.values()))
ANSWERS = f'Answers: {LISTED.name} on this computer.'


async def test_a_mind_that_was_given_answers_aloud_without_a_restart(
    start_parley: StartParley, open_parley: OpenParley, model_file: Path, tmp_path: Path
) -> None:
    parley = await start_parley()
    file = parley.data / 'models' / LISTED.file
    file.parent.mkdir(parents=True)
    file.symlink_to(model_file)  # as if it had been fetched
    page = await open_parley(parley, microphone(tmp_path / 'question.wav', 1.5, 'what_time_is_it', 60.0))
    offer, row = page.page.get_by_test_id('mind-offer'), page.page.get_by_test_id('mind-row')
    await expect(row).to_contain_text('Answers: built in')
    await offer.get_by_role('button', name='Give it a mind').click()
    await page.page.get_by_role('button', name='Use this model').click()
    await expect(offer).to_be_hidden()
    await expect(row).to_contain_text(ANSWERS)
    await expect(page.page.get_by_test_id('provider-hint')).to_contain_text(ANSWERS)

    await page.call()
    said = await page.wait_turn('user', status='done')
    assert sounds_like(said, 'what time is it')
    await page.wait_voice()
    box = page.page.get_by_test_id('message-box')
    await box.fill('And what is your name?')
    await box.press('Enter')
    second = page.page.locator('[data-testid=turn][data-speaker=assistant]').nth(1)
    await expect(second.get_by_test_id('turn-text')).not_to_be_empty()
    await page.page.evaluate('ear.loudness.length = 0')
    await page.wait_voice()

    file.unlink()
    await box.fill('And what is my name?')
    await box.press('Enter')
    notice = page.page.get_by_test_id('notice').filter(visible=True)
    await expect(notice).to_contain_text(f'The local model {LISTED.name} is not on this computer')
    await page.hang_up()

    file.symlink_to(model_file)
    async with page.page.expect_event('load'):  # by itself, as soon as Parley is back
        await parley.restart()
    await page.open()
    await expect(page.page.get_by_test_id('mind-row')).to_contain_text(ANSWERS)
