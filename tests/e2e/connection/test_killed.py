"""A program that is killed in the middle of a sentence has kept everything that looked finished."""

from pathlib import Path

from playwright.async_api import Browser

from tests.e2e.killed import KilledConversation, moments
from tests.parley import Parley
from tests.visitors import Visitors


async def test_a_turn_that_looks_finished_survives_the_end_of_the_program_at_any_moment(
    tmp_path: Path, silent_browser: Browser, visitors: Visitors
) -> None:
    async with visitors.context(silent_browser) as context:
        conversation = KilledConversation(Parley(tmp_path), context)
        for moment in moments(seed=1, count=3):
            await conversation.kill_at(moment)
        assert conversation.finished, 'else nothing was compared; how much depends on the speed of the machine'
