"""The page of an audience: large captions of both sides, and nothing to press."""

from collections.abc import Collection

from nicegui import ui

from components.conversation.chat import Chat
from components.conversation.transcript.transcript import Transcript
from components.words.language import Text
from components.words.page import language, words

from .audience import Audience


class AudiencePage(ui.element, default_classes='audience'):
    def __init__(self, audience: Audience | None) -> None:
        """Audience Page

        Shows what is said in somebody else's call, in letters that are read across a room.

        :param audience: None where its address leads nowhere, or nowhere any more
        """
        super().__init__('main')
        with self:
            self._chat = Chat(text=_from_outside(language().text))
            self._status = ui.label().classes('audience__status').props('role=status data-testid=audience-status')
        if audience:
            self.client.on_delete(audience.join(self))
        else:
            self.show_end()

    def show(self, transcript: Transcript, changed: Collection[str] | None) -> None:
        self._chat.show(transcript, changed)

    def show_calling(self, calling: bool) -> None:
        with self:
            self._status.text = words('audience.live' if calling else 'audience.waiting')

    def show_end(self) -> None:
        with self:
            self._status.text = words('audience.over')


def _from_outside(text: Text) -> Text:
    """The chat's words for those who are not talking themselves: they are not the "You"."""

    def said(key: str, **values: object) -> str:
        return text('audience.speaker' if key == 'chat.names.user' else key, **values)

    return said
