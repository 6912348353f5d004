"""The invitation: a link that contains the passcode, as a QR code and as text for the terminal."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING
from urllib.parse import quote

import segno

if TYPE_CHECKING:
    from components.sharing.share import Share


def link(share: Share, url: str) -> str:
    """Return the link for the QR code. The part after the # never leaves the guest's browser."""
    return f'{url}#{quote(share.passcode, safe="")}'


def qr_image(text: str) -> str:
    """Return a QR code as an SVG image in a data URL, black on white, which all cameras read."""
    return segno.make(text, micro=False).svg_data_uri(scale=8, border=3, light='#fff')


def poster(share: Share) -> str:
    """Return the invitation for the host's terminal."""
    first, *others = share.urls
    code = io.StringIO()
    segno.make(link(share, first), micro=False).terminal(code, border=2, compact=True)
    lines = ['', f'Guests join at {first}', *(f'            or {url}' for url in others)]
    return '\n'.join([*lines, f'with the passcode {share.passcode}', '', code.getvalue()])
