"""A visit to be photographed, and how its scenes are described."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Locator, expect

from components.words.language import LANGUAGES
from tests.e2e.witness import WitnessedPage


@dataclass
class Camera:
    """A visit, and how to take a picture of it by name."""

    page: WitnessedPage
    take: Callable[[str], Awaitable[None]]
    narrow: bool  # the drawers lie over the page

    def find(self, test_id: str) -> Locator:
        return self.page.page.get_by_test_id(test_id)

    async def press(self, test_id: str) -> None:
        await self.find(test_id).click()

    async def settings(self, text: Callable[[str], str] = LANGUAGES['en-US'].text) -> None:
        """Show the settings, which are open on a desktop."""
        if self.narrow:
            await self.page.page.get_by_role('button', name=text('page.settings')).click()
            await expect(self.find('settings-persona')).to_be_in_viewport()

    async def leave_settings(self) -> None:
        if self.narrow:
            await self._tap_beside(350)
            await expect(self.find('settings-persona')).not_to_be_in_viewport()

    async def status(self) -> None:
        await self.page.page.get_by_role('button', name='Call status').click()
        await expect(self.find('ladder')).to_be_in_viewport()

    async def leave_status(self) -> None:
        if self.narrow:
            await self._tap_beside(10)
        else:
            await self.page.page.get_by_role('button', name='Call status').click()
        await expect(self.find('ladder')).not_to_be_in_viewport()

    async def _tap_beside(self, x: float) -> None:
        """Leave a drawer on a phone."""
        await self.page.page.locator('.q-drawer__backdrop:not(.hidden)').click(position={'x': x, 'y': 200})

    async def say(self, text: str) -> None:
        """Write a message, so that the microphone does not matter."""
        await self.find('message-box').fill(text)
        await self.press('send-message')

    async def hear(self, seconds: float) -> None:
        """Wait until the voice was heard for so long."""
        await self.page.page.wait_for_function(
            '(count) => ear.loudness.filter(([, rms]) => rms > 0.01).length > count', arg=seconds * 50
        )


@dataclass(frozen=True)
class Scene:
    """A script to play for pictures.

    `says` is what the microphone hears, see `speech`; `flags` are Chromium's; `context` is what Playwright's contexts
    take; `init_script` runs in every document before its own scripts; `shared` lets others on the network in; `refuses`
    means the microphone.
    """

    name: str
    play: Callable[[Camera], Awaitable[None]]
    says: tuple[str | float, ...] = ()
    flags: Sequence[str] = ()
    context: Mapping[str, Any] = field(default_factory=dict)
    init_script: str = ''
    shared: bool = False
    refuses: bool = False
