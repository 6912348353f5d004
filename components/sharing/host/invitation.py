"""How the host invites: a link that carries the passcode, as QR code and as text for the terminal."""

import io
from urllib.parse import quote

import segno

from components.sharing.share import Share


def link(share: Share, url: str) -> str:
    """Return the link for the QR code. What stands behind the # never leaves the guest's browser."""
    return f'{url}#{quote(share.passcode, safe="")}'


def qr_image(text: str) -> str:
    """Return a QR code as an SVG image in a data URL, black on white as all cameras like it."""
    return segno.make(text, micro=False).svg_data_uri(scale=8, border=3, light='#fff')


def poster(share: Share) -> str:
    """Return what the terminal says to the host."""
    first, *others = share.urls
    code = io.StringIO()
    segno.make(link(share, first), micro=False).terminal(code, border=2, compact=True)
    lines = ['', f'Guests join at {first}', *(f'            or {url}' for url in others)]
    return '\n'.join([*lines, f'with the passcode {share.passcode}', '', code.getvalue()])
