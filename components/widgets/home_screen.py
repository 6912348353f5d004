"""The files by which browsers put Parley on a home screen: a manifest (W3C, Web Application Manifest) and icons."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse
from starlette.routing import Route

ICONS = Path(__file__).parents[2] / 'assets' / 'icons'

PAPER = {'light': '#faf8f5', 'dark': '#14171b'}
"""The colours of the page, as in assets/styles/page.css."""


def home_screen_routes(below: str, start: str) -> list[Route]:
    """Return the routes of the manifest and the icons.

    Args:
        below: The path under which to serve them.
        start: The page to open from the home screen, relative to that path.
    """

    async def serve(request: Request) -> JSONResponse:
        return JSONResponse(_manifest(start), media_type='application/manifest+json', headers=_HEADERS)

    return [Route(f'{below}/manifest.webmanifest', serve), *(_icon(below, file) for file in ICONS.glob('*.png'))]


def home_screen_head(below: str) -> str:
    """Return what a page says of them in its head."""
    colors = (
        f'<meta name="theme-color" content="{color}" media="(prefers-color-scheme: {scheme})">'
        for scheme, color in PAPER.items()
    )
    return ''.join(
        [
            f'<link rel="manifest" href="{below}/manifest.webmanifest">',
            f'<link rel="apple-touch-icon" href="{below}/icons/apple-touch-180.png">',
            '<meta name="apple-mobile-web-app-title" content="Parley">',
            *colors,
        ]
    )


def _manifest(start: str) -> dict[str, object]:
    return {
        'name': 'Parley',
        'short_name': 'Parley',
        'start_url': start,
        'scope': start,
        'display': 'standalone',
        'background_color': PAPER['light'],
        'theme_color': PAPER['light'],
        'icons': [
            {'src': 'icons/icon-192.png', 'sizes': '192x192', 'type': 'image/png'},
            {'src': 'icons/icon-512.png', 'sizes': '512x512', 'type': 'image/png'},
            {'src': 'icons/maskable-512.png', 'sizes': '512x512', 'type': 'image/png', 'purpose': 'maskable'},
        ],
    }


def _icon(below: str, file: Path) -> Route:
    async def serve(request: Request) -> FileResponse:
        return FileResponse(file, headers=_HEADERS)

    return Route(f'{below}/icons/{file.name}', serve)


_HEADERS = {'Cache-Control': 'max-age=3600'}
