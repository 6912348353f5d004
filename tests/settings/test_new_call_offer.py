"""The offer of a new call for changes that a running one cannot take."""

import pytest
from nicegui import ui
from nicegui.testing import User

from components.settings.new_call_offer import NewCallOffer
from components.words.page import declare_language

pytestmark = pytest.mark.nicegui_main_file('')


async def test_an_offer_can_be_taken_or_dismissed_and_comes_again_with_the_next_change(user: User) -> None:
    taken: list[int] = []
    offers: list[NewCallOffer] = []

    @ui.page('/')
    def page() -> None:
        declare_language('en-US')
        offers.append(NewCallOffer(lambda: taken.append(1)))

    await user.open('/')
    await user.should_not_see('Continue with')
    with user:
        offers[0].show({'voice', 'speed'})
    user.find('Continue with the new voice').click()
    assert taken == [1]
    user.find(marker='new-call-dismiss').click()
    await user.should_not_see('Continue with')
    with user:
        offers[0].show({'model'})
    await user.should_see('Continue with the new model')
