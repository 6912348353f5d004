"""Runs the program until Ctrl+C."""

import gc
from contextlib import suppress
from functools import partial
from pathlib import Path

from nicegui import app, helpers, ui
from starlette.middleware.gzip import GZipMiddleware

from components.page.joined_modules import serve_joined_modules
from components.sharing.connections import (
    BODY_SECONDS_OF_HOST,
    MOST_OF_HOST,
    Connections,
    Deadlines,
    raise_descriptor_limit,
)

from .compressed_assets import LEVEL
from .greeting import GOODBYE, quiet_interrupts, say
from .services import Services


def run(services: Services, favicon: Path) -> None:
    """Serve the pages that have been declared, and say goodbye when Ctrl+C ends the program."""
    command = services.command
    if command.opens_browser and not helpers.is_user_simulation():
        helpers.schedule_browser('http', 'localhost', command.port, '')
    quiet_interrupts()
    serve_joined_modules(command.prefix)
    connections = Connections(min(MOST_OF_HOST, max(48, raise_descriptor_limit() // 4)), MOST_OF_HOST)
    app.add_middleware(Deadlines, connections=connections, body_seconds=BODY_SECONDS_OF_HOST)  # in front of all others
    with suppress(KeyboardInterrupt):
        ui.run(
            host=command.home,
            port=command.port,
            title='Parley',
            viewport='width=device-width, initial-scale=1, viewport-fit=cover',  # up to the edges of a phone
            favicon=favicon,
            dark=None,  # follow the system
            language='en-US',
            reconnect_timeout=12,  # a page may be busy with a large photo: NiceGUI's 3 s forgive a silence of 2 s only
            tailwind=False,
            reload=False,
            show=False,
            show_welcome_message=False,  # Parley has its own
            storage_secret=services.cookie_secret,
            timeout_graceful_shutdown=3,  # a download may hang
            ws_per_message_deflate=False,  # compressing each small message costs more than a network gains
            http=connections.protocol,
            gzip_middleware_factory=partial(GZipMiddleware, compresslevel=LEVEL),
            proxy_headers=False,  # the address of the connection itself counts; see `BehindProxy`
        )
    if not helpers.is_user_simulation():
        say(GOODBYE)
        gc.freeze()  # the last collection of garbage would take longer than all the rest of the end
