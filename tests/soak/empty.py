"""An empty NiceGUI program that tells what it holds, as `observed` does: what `page_loads` compares Parley with."""

import asyncio
import gc
import os
from argparse import ArgumentParser
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from nicegui import Client, app, ui

from tests.soak.figures import Figures, Holdings


def main() -> None:
    """Serve a page that has only what a test waits for, and the address."""
    parser = ArgumentParser()
    parser.add_argument('--port', type=int)
    options, _ = parser.parse_known_args()

    @ui.page('/', reconnect_timeout=60)  # as Parley's
    @ui.page('/new', reconnect_timeout=60)
    def page() -> None:
        ui.label('Hello').props('data-testid=call-button')

    @app.get('/holdings')
    async def holdings() -> dict[str, Any]:
        gc.collect()
        own = asdict(Figures.of(os.getpid()))
        return asdict(Holdings(**own, tasks=len(asyncio.all_tasks()), pages=len(Client.instances), calls=0))

    with suppress(KeyboardInterrupt):
        ui.run(port=options.port, show=False, reload=False, show_welcome_message=False)


if __name__ in {'__main__', '__mp_main__'}:
    main()
