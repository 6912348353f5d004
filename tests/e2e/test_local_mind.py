"""A conversation with a language model on this computer. Its answers are nonsense, but they are heard and stop."""

from pathlib import Path

from playwright.async_api import expect

from tests.conftest import OpenParley, StartParley
from tests.speech import microphone

from .witness import sounds_like


async def test_a_spoken_and_a_typed_question_are_answered_aloud(
    start_parley: StartParley, open_parley: OpenParley, model_file: Path, tmp_path: Path
) -> None:
    parley = await start_parley(ENGINE_MIND='local', ENGINE_MIND_MODEL=str(model_file))
    page = await open_parley(parley, microphone(tmp_path / 'question.wav', 1.5, 'what_time_is_it', 60.0))
    await expect(page.page.get_by_test_id('mind-row')).to_contain_text(f'Answers: {model_file.stem} on this computer.')
    await expect(page.page.get_by_test_id('mind-offer')).to_be_hidden()
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
    await page.hang_up()
