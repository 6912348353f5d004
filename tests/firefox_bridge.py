"""Starts Firefox for Playwright, and stands between the two: `firefox_bridge.py FIREFOX ARGUMENTS`.

Both speak WebDriver BiDi, but Playwright insists on a command that Firefox has only had for a short while.
"""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE

from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection, serve

LISTENING = 'WebDriver BiDi listening on '

# Colour schemes are not what is tested in Firefox.
ANSWERED_HERE = {'emulation.setMediaFeaturesOverride'}


async def main(firefox: str, *arguments: str) -> None:
    process = await asyncio.create_subprocess_exec(firefox, *arguments, stderr=PIPE)
    assert process.stderr
    async for line in process.stderr:
        _, listening, address = line.decode(errors='replace').strip().partition(LISTENING)
        if listening:
            break
    else:
        sys.exit('Firefox did not start.')

    async def converse(playwright: ServerConnection) -> None:
        assert playwright.request
        async with connect(address + playwright.request.path, max_size=None, proxy=None) as browser:
            answering = asyncio.create_task(_answer(browser, playwright))
            await _ask(playwright, browser)
            answering.cancel()

    async with serve(converse, '127.0.0.1', 0, max_size=None) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        sys.stderr.write(f'{LISTENING}ws://127.0.0.1:{port}\n')
        async for line in process.stderr:
            sys.stderr.buffer.write(line)
        await process.wait()


async def _ask(playwright: ServerConnection, browser: ClientConnection) -> None:
    async for message in playwright:
        command = json.loads(message)
        if command['method'] in ANSWERED_HERE:
            await playwright.send(json.dumps({'type': 'success', 'id': command['id'], 'result': {}}))
        else:
            await browser.send(message)


async def _answer(browser: ClientConnection, playwright: ServerConnection) -> None:
    async for message in browser:
        await playwright.send(message)


if __name__ == '__main__':
    asyncio.run(main(*sys.argv[1:]))
