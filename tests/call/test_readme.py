"""The program in the README of components/call: it is a page with a call, and shows what both sides say."""

import re
from pathlib import Path

from playwright.async_api import expect

from tests import speech
from tests.conftest import OpenPage
from tests.e2e.witness import sounds_like
from tests.page import EAR, ParleyPage
from tests.parley import ROOT, Parley

README = ROOT / 'components/call/README.md'


def program() -> str:
    match = re.search(r'```python\n(.*?)```', README.read_text(encoding='utf-8'), re.DOTALL)
    assert match
    return match[1]


def test_the_program_is_short() -> None:
    assert len([line for line in program().splitlines() if line.strip()]) <= 25


async def test_the_program_holds_a_call_with_captions_of_both_sides(open_page: OpenPage, tmp_path: Path) -> None:
    script = tmp_path / 'page.py'
    parley = Parley(tmp_path, {'PYTHONPATH': str(ROOT)}, script=str(script))
    script.write_text(program().replace('8080', str(parley.port)), encoding='utf-8')
    page = await open_page(speech.microphone(tmp_path / 'mic.wav', 4.0, 'hello', 20.0), init_script=EAR)
    await parley.start()
    try:
        await page.goto(parley.url)
        shown = ParleyPage(page, parley.url)
        await shown.call_button.click()
        assert sounds_like(await shown.wait_turn('user', status='done'), 'hello can you hear me')
        await shown.wait_turn('assistant', status='done')
        await page.wait_for_function('ear.loudness.some(([, rms]) => rms > 0.01)')
        await shown.call_button.click()
        await expect(shown.call_button).to_have_attribute('data-state', 'ended')
        parley.assert_no_traceback()
    finally:
        await parley.stop()
