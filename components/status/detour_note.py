"""The note about calls that go through Parley because of the browser."""

from nicegui import ui

from components.providers.browsers import AS_OF, detour
from components.settings.settings import Settings
from components.words.page import language


class DetourNote(ui.label, default_classes='ladder__total', default_props='data-testid=detour'):
    """Says why this browser's calls take a detour, and how to go directly all the same."""

    def __init__(self, settings: Settings) -> None:
        """Create the note for the page that is being built.

        :param settings: the settings of the next call
        """
        super().__init__()
        self._user_agent = ui.context.client.request.headers.get('user-agent', '')
        self._words = language().text
        self.follow(settings)

    def follow(self, settings: Settings) -> None:
        """Show or hide it by the settings of the next call."""
        reason = detour(self._user_agent, settings.provider) if settings.transport == 'auto' else None
        self.visible = reason is not None
        if reason:
            direct = self._words('settings.transport.options.webrtc')
            self.text = self._words('ladder.detour', browser=reason.browser, date=AS_OF, direct=direct)
