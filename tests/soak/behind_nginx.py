"""Serves Parley by a real nginx below a path, in each of the ways that it may be set up, and talks through it.

    python -m tests.soak.behind_nginx

Needs Debian's package nginx-light, and takes half a minute. A machine that lacks it is told so.
"""

import asyncio
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from time import monotonic

from tests.chromium import Chromium
from tests.e2e.witness import WITNESS, WitnessedPage
from tests.parley import Parley, free_port

from .watched import Transport, Watched

WAYS = {
    'path stripped, its own Host': 'proxy_pass http://127.0.0.1:{port}/;',
    'path kept, its own Host': 'proxy_pass http://127.0.0.1:{port};',
    'path kept, the Host it was asked for': 'proxy_pass http://127.0.0.1:{port}; proxy_set_header Host $http_host;',
}
TRANSPORTS: tuple[Transport, ...] = ('webrtc', 'relay')

CONFIG = """
daemon off; master_process off; pid {folder}/pid; error_log {folder}/errors;
events {{}}
http {{
    access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{outer};
        location /voice/ {{
            {way}
            proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade";
        }}
    }}
}}
"""


@asynccontextmanager
async def nginx(program: str, config: str, folder: Path, port: int) -> AsyncIterator[None]:
    """Run nginx with a configuration, and wait until it listens."""
    file = folder / 'nginx.conf'
    file.write_text(config)
    process = await asyncio.create_subprocess_exec(program, '-c', str(file), '-e', str(folder / 'errors'))
    try:
        deadline = monotonic() + 10
        while not await _listens(port):
            assert monotonic() < deadline, (folder / 'errors').read_text()
            await asyncio.sleep(0.05)
        yield
    finally:
        process.terminate()
        await process.wait()


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection('127.0.0.1', port)
    except OSError:
        return False
    writer.close()
    return True


async def talk(chromium: Chromium, parley: Parley, url: str, transport: Transport) -> list[str]:
    """Open the page at this address, and ask a question in a call. Returns what went wrong on the page."""
    browser = await chromium.silent()
    context = await browser.new_context(permissions=['microphone'])
    page = WitnessedPage(await context.new_page(), url)
    await page.page.add_init_script(WITNESS)
    run = Watched(parley, page, await context.new_cdp_session(page.page))
    await page.open()
    await page.choose_transport(transport)
    await page.call()
    await run.ask(1)
    await page.hang_up()
    await context.close()
    return run.errors


async def main() -> None:
    """Try all ways, and exit with 1 if one does not work."""
    program = shutil.which('nginx', path='/usr/sbin:/usr/bin')
    if not program:
        sys.exit('Skipped, since this machine lacks nginx. On Debian: apt install nginx-light')
    problems: list[str] = []
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        outer = free_port()
        url = f'http://localhost:{outer}/voice/'
        parley = Parley(folder, arguments=['--behind-proxy', url])
        await parley.start()
        stack.push_async_callback(parley.kill)
        chromium = await stack.enter_async_context(Chromium.found(folder))
        for name, way in WAYS.items():
            config = CONFIG.format(folder=folder, outer=outer, way=way.format(port=parley.port))
            async with nginx(program, config, folder, outer):
                for transport in TRANSPORTS:
                    problems += await talk(chromium, parley, url, transport)
                    print(f'{name}: a question was answered by {transport}', flush=True)
        await parley.stop()
        parley.assert_no_traceback()
    print(*problems or ['Every way works.'], sep='\n')
    sys.exit(bool(problems))


if __name__ == '__main__':
    asyncio.run(main())
