"""Parley with an address that tells what it holds; `watched` starts it."""

import asyncio
import gc
import os
from dataclasses import asdict
from typing import Any

from nicegui import Client, app

from components.page.frame import declare_look
from components.starting.run import run
from components.starting.services import Services
from main import ASSETS, declare_pages
from tests.soak.figures import Figures, Holdings


def main() -> None:
    """Do what Parley's own `main` does, and add the address."""
    services = Services.start()
    declare_look(ASSETS)
    declare_pages(services)

    @app.get('/holdings')
    async def holdings() -> dict[str, Any]:
        gc.collect()
        running = services.engine._running
        loops = [asyncio.get_running_loop(), *([running.loop] if running else [])]
        tasks = sum(len(asyncio.all_tasks(loop)) for loop in loops)
        own = asdict(Figures.of(os.getpid()))
        return asdict(Holdings(**own, tasks=tasks, pages=len(Client.instances), calls=services.engine.calls))

    run(services, favicon=ASSETS / 'favicon.svg')


if __name__ in {'__main__', '__mp_main__'}:
    main()
