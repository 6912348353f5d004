"""Adds sharing to the dashboard: a button for the host, and the end of the visit on a guest's page."""

import json

from nicegui import ui

from components.sharing.calls.guest_page import follow_visit
from components.sharing.door.gate import own_origin
from components.sharing.host.audience import Audience
from components.sharing.host.share_sheet import ShareSheet
from components.sharing.visitor import Guest, visitor
from components.widgets.icon_button import IconButton
from components.words.page import words

from .share import Share


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


def sharing_button(share: Share | None, audience: Audience) -> None:
    """Add the button that opens the host's sheet, to the page that is being built; a guest's page gets none.

    :param share: None if nothing is shared; the sheet then says how to share
    :param audience: the audience of the page's own call
    """
    if isinstance(visitor(ui.context.client.request.scope), Guest):
        follow_visit()
    else:
        IconButton('qr_code_2', words('sharing.button'), ShareSheet(share, audience).show)
