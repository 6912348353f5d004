"""The hits of a search: turns, each a link to its place."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement

from components.conversation.local_time import LocalTime
from components.history.entries import SearchHit
from components.widgets.own_url import own_url
from components.words.page import words

ON_THIS_PAGE = """(event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;  // another tab or window
    event.preventDefault();
    emit();
}"""


class HitRow(ui.element):
    """Shows one turn with the words that were searched for.

    Args:
        hit: The turn.
        on_click: Shows it on this page, if its conversation is open here.
    """

    def __init__(self, hit: SearchHit, on_click: Callable[[], object] | None) -> None:
        super().__init__('li')
        self.classes('conversation').props('data-testid=search-hit')
        with self, ui.element('a').classes('conversation__link') as link:
            link.props['href'] = own_url(f'/c/{hit.conversation_id}?turn={quote(hit.item_id, safe="")}')
            if on_click:
                link.on('click', on_click, [], js_handler=ON_THIS_PAGE)
            with ui.element('p').classes('conversation__snippet').props('dir=auto'):
                _add_snippet(hit)
            with ui.element().classes('conversation__about'):
                ui.label(hit.persona or words(f'chat.names.{hit.speaker}')).classes(
                    f'conversation__speaker--{hit.speaker}'
                )
                ui.label(hit.title or words('conversations.untitled')).props('dir=auto')
                LocalTime(hit.at, 'date-time')


def _add_snippet(hit: SearchHit) -> None:
    """Add the words; each piece is text, whatever is in it."""
    end = 0
    for start, stop in hit.marks:
        _add_text('span', hit.snippet[end:start])
        _add_text('mark', hit.snippet[start:stop])
        end = stop
    _add_text('span', hit.snippet[end:])


def _add_text(tag: str, text: str) -> None:
    if text:
        TextElement(tag=tag, text=text)
