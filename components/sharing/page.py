"""Adds sharing to the dashboard: a button for the host, and the end of the visit on a guest's page."""

from nicegui import ui

from components.sharing.calls.guest_page import follow_visit
from components.sharing.host.audience import Audience
from components.sharing.host.share_sheet import ShareSheet
from components.sharing.visitor import Guest, visitor
from components.widgets.icon_button import IconButton
from components.words.page import words

from .share import Share


def sharing_button(share: Share | None, audience: Audience) -> None:
    """Add the button that opens the host's sheet, to the page that is being built; a guest's page gets none.

    :param share: None if nothing is shared; the sheet then says how to share
    :param audience: the audience of the page's own call
    """
    if isinstance(visitor(ui.context.client.request.scope), Guest):
        follow_visit()
    else:
        IconButton('qr_code_2', words('sharing.button'), ShareSheet(share, audience).show)
