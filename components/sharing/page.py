"""Adds sharing to the dashboard: a button for the host, and the end of the visit on a guest's page."""

import json
from functools import cache

from nicegui import ui

from components.sharing.calls.guest_page import follow_visit
from components.sharing.door.gate import own_origin
from components.sharing.host.audience import Audience
from components.sharing.host.share_sheet import ShareSheet
from components.sharing.visitor import Guest, visitor
from components.widgets.icon_button import IconButton
from components.words.page import words

from .sharing import Sharing


def explain_unknown_proxy() -> None:
    """Let the page that is being built say why, if it comes through a proxy from which Parley takes no sockets.

    The script tells by the address: the gate compares the origin, which browsers send, with the address asked for.
    """
    sentence = words('page.unknown_proxy', origin='{origin}')
    served = own_origin(ui.context.client.request.scope)
    ui.add_body_html(f'<script>({_EXPLAIN_SCRIPT})({_for_script(served)}, {_for_script(sentence)})</script>')


_EXPLAIN_SCRIPT = """(served, sentence) => {
    if (location.origin === served) return;
    const note = document.createElement("div");
    note.setAttribute("role", "alert");
    note.dataset.testid = "unknown-proxy";
    note.className = "unknown-proxy";
    note.textContent = sentence.replace("{origin}", location.origin + (window.path_prefix ?? ""));
    addEventListener("load", () => document.body.prepend(note));
}"""


def _for_script(text: str) -> str:
    return json.dumps(text).replace('<', '\\u003c')


def sharing_button(sharing: Sharing, audience: Audience, *, can_begin: bool) -> None:
    """Add the button that opens the host's sheet, to the page that is being built; a guest's page gets none.

    :param sharing: switches sharing on and off
    :param audience: the audience of the page's own call
    :param can_begin: whether sharing can begin
    """
    if isinstance(visitor(ui.context.client.request.scope), Guest):
        follow_visit()
    else:
        sheet = cache(lambda: ShareSheet(sharing, audience, can_begin=can_begin))  # most visitors never open it
        IconButton('qr_code_2', words('sharing.button'), lambda: sheet().show())
