"""The note that says why a browser's calls go through Parley."""

from dataclasses import replace

import pytest
from nicegui import ui
from nicegui.testing import User

from components.settings.settings import Settings
from components.status.detour_note import DetourNote

pytestmark = pytest.mark.nicegui_main_file('')

OPENAI = Settings(provider='openai').fitted()


async def test_firefox_is_told_why_and_how_to_go_directly(user: User) -> None:
    @ui.page('/')
    def page() -> None:
        DetourNote(OPENAI)

    user.http_client.headers['User-Agent'] = 'Mozilla/5.0 Gecko/20100101 Firefox/153.0'
    await user.open('/')
    note = next(iter(user.find(DetourNote).elements))
    assert note.text.startswith('In Firefox, calls to this service go through Parley: as of 20')
    assert '“Direct (WebRTC)”' in note.text
    note.follow(replace(OPENAI, transport='webrtc'))
    assert not note.visible
    note.follow(OPENAI)
    assert note.visible


async def test_other_browsers_are_told_nothing(user: User) -> None:
    @ui.page('/')
    def page() -> None:
        DetourNote(OPENAI).mark('note')

    await user.open('/')
    await user.should_not_see(marker='note')
