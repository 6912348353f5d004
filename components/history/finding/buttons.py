"""The buttons of the header that lead to other conversations."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from components.history.kept import KeptConversations
from components.widgets.icon_button import IconButton
from components.widgets.own_url import own_url
from components.words.page import words

from .sheet import ConversationsSheet


def conversation_buttons(history: KeptConversations, owner: str, here: str, on_turn: Callable[[str], object]) -> None:
    """Add the buttons for a new conversation and for the list, to the page that is being built.

    Args:
        history: Where conversations are kept.
        owner: Whose page it is.
        here: Identifies the conversation of the page.
        on_turn: Shows a turn of it, by its item id.
    """
    new = IconButton('add_comment', words('conversations.new')).props('data-testid=new-conversation')
    new.props['href'] = own_url('/new')
    sheet = cache(lambda: ConversationsSheet(history, owner, here, on_turn))  # most visitors never open it
    IconButton('history', words('conversations.heading'), lambda: sheet().show()).props('data-testid=conversations')
