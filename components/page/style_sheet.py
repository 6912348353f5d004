"""The styles of all pages in one file, which a browser loads once and keeps."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from nicegui import app, ui
from starlette.responses import Response

from .joined_modules import FOREVER, URL


def serve_style_sheet(parts: Iterable[Path], prefix: str = '') -> None:
    """Serve some style sheets as one, and give it to all pages.

    Args:
        parts: Their files; where rules disagree, those of later ones count.
        prefix: The path below which a proxy serves Parley.
    """
    text = '\n'.join(part.read_text(encoding='utf-8') for part in parts)
    path = f'{URL}{hashlib.sha256(text.encode()).hexdigest()[:16]}.css'

    @app.get(path)
    def serve() -> Response:
        return Response(text, media_type='text/css', headers=FOREVER)

    ui.add_head_html(f'<link rel="stylesheet" href="{prefix}{path}">', shared=True)
