"""The page of an audience: large captions of both sides, and no controls."""

from collections.abc import Collection

from nicegui import ui

from components.conversation.chat import Chat
from components.conversation.transcript.transcript import Transcript
from components.words.language import Text
from components.words.page import language, words

from .audience import Audience


class AudiencePage(ui.element, default_classes='audience'):
    """Shows what is said in someone else's call, in letters that can be read across a room.

    Args:
        audience: None if the address is unknown or the audience view has been closed.
    """

    def __init__(self, audience: Audience | None) -> None:
        super().__init__()
        with self:
            with ui.element('h1').classes('visually-hidden'):
                ui.label(words('audience.title'))
            self._chat = Chat(text=_from_outside(language().text), can_copy=False)
            self._status = ui.label().classes('audience__status').props('role=status data-testid=audience-status')
        if audience:
            self.client.on_delete(audience.join(self))
        else:
            self.show_end()

    def show(self, transcript: Transcript, changed: Collection[str] | None) -> None:
        """Show what was said; see `Chat.show`."""
        self._chat.show(transcript, changed)

    def show_calling(self, calling: bool) -> None:
        """Say whether a call is in progress."""
        with self:
            self._status.text = words('audience.live' if calling else 'audience.waiting')

    def show_end(self) -> None:
        """Say that the audience view has been closed."""
        with self:
            self._status.text = words('audience.over')


def _from_outside(text: Text) -> Text:
    """Return the chat's texts for people who aren't talking themselves, and so aren't the "You"."""

    def said(key: str, **values: object) -> str:
        return text('audience.speaker' if key == 'chat.names.user' else key, **values)

    return said
