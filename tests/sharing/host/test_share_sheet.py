"""The sheet from which the host shares, without a browser."""

from typing import get_args

import pytest
from nicegui import ElementFilter, ui
from nicegui.testing import User
from starlette.responses import PlainTextResponse

from components.conversation.transcript.transcript import Transcript
from components.sharing.errors import Problem, SharingError
from components.sharing.host.audience import Audiences
from components.sharing.host.share_sheet import ShareSheet
from components.sharing.share import Share
from components.sharing.sharing import Sharing
from components.words.language import LANGUAGES

pytestmark = pytest.mark.nicegui_main_file('')


@pytest.mark.parametrize('problem', get_args(Problem))
async def test_a_refusal_is_said_in_the_words_of_the_page_with_the_details_apart(user: User, problem: Problem) -> None:
    def refuse() -> Share:
        raise SharingError('The disk is full.', problem)

    @ui.page('/')
    def page() -> None:
        audience = Audiences().of(Transcript())
        ShareSheet(Sharing(PlainTextResponse(''), [], refuse), audience, can_begin=True).show()

    await user.open('/')
    user.find('Start sharing').click()
    await user.should_see(LANGUAGES['en-US'].text(f'sharing.problems.{problem}'))
    with user:
        (details,) = [label for label in ElementFilter(kind=ui.label) if label.text == 'The disk is full.']
    assert details.props['lang'] == 'en'
    for language in LANGUAGES.values():
        assert '{' not in language.text(f'sharing.problems.{problem}')
