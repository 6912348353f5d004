"""How guests fare who all call in the same moment, and what their calls cost the host's Parley.

    python -m tests.bench.sharing.guests [--guests 10]

The guests are pages of one Chromium, over TLS. Who answers is an engine in a program of its own, as a service would be:
Parley places the calls, and the sound goes past it. Browser, engine and Parley share the machine's cores.
"""

import asyncio
import tempfile
from argparse import ArgumentParser
from contextlib import AsyncExitStack
from pathlib import Path
from time import perf_counter

import httpx
from playwright.async_api import Page

from components.sharing.addresses import lan_addresses, url_host
from tests import speech
from tests.bench.call.connect import CALL_PARLEY
from tests.bench.engine.talking import Served, answering, program
from tests.bench.figures import report
from tests.bench.processes import processor_seconds
from tests.chromium import Chromium
from tests.parley import Parley, free_port
from tests.sharing.shared import PASSCODE, Shared
from tests.trust import trusting_home

TALK = 10.0
"""Seconds over which Parley's processor time is measured while all of them talk."""


async def main() -> None:
    parser = ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--guests', type=int, default=10)
    options = parser.parse_args()

    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        engine_port = free_port()
        service = f'http://127.0.0.1:{engine_port}'
        await stack.enter_async_context(program(Served(), 'serving.py', '--port', str(engine_port)))
        await answering(await stack.enter_async_context(httpx.AsyncClient(base_url=service)))
        port = free_port()
        parley = Parley(
            folder,
            {
                'OPENAI_API_KEY': 'bench',
                'OPENAI_BASE_URL': f'{service}/v1',
                'PARLEY_GUEST_CALLS': str(options.guests),
            },
            arguments=('--share', '--share-port', str(port), '--passcode', PASSCODE),
        )
        await parley.start()
        stack.push_async_callback(parley.kill)
        shared = Shared(parley, f'https://{url_host(lan_addresses()[0])}:{port}/')
        chromium = await stack.enter_async_context(Chromium.found(folder))
        sound = speech.microphone(folder / 'microphone.wav', 3.0, 'what_time_is_it')
        home = trusting_home(folder / 'home', shared.authority)
        browser = await (await stack.enter_async_context(chromium.of(home))).speaking(sound)
        pages = []
        for number in range(options.guests):
            context = await browser.new_context(permissions=['microphone'])
            pages.append(await come_in(await context.new_page(), shared, f'Guest {number + 1}'))

        report('click to session ready, all at once', await asyncio.gather(*(call(page) for page in pages)))
        began, cost = perf_counter(), processor_seconds(parley)
        await asyncio.sleep(TALK)
        share = (processor_seconds(parley) - cost) / (perf_counter() - began)
        print(f'Parley while all talk: {100 * share:.0f} % of a core')
        states = [await page.get_by_test_id('call-button').get_attribute('data-state') for page in pages]
        print(f'calls that are live: {states.count("live")} of {options.guests}')


async def come_in(page: Page, shared: Shared, name: str) -> Page:
    await page.goto(f'{shared.url}join')
    await page.get_by_label('Your name').fill(name)
    await page.get_by_label('Passcode').fill(PASSCODE)
    await page.get_by_role('button', name='Join').click()
    await page.wait_for_function('window.did_handshake')
    await page.get_by_test_id('call-button').wait_for()
    return page


async def call(page: Page) -> float:
    """Milliseconds from the click until the call is live."""
    return float(await page.evaluate(CALL_PARLEY))


if __name__ == '__main__':
    asyncio.run(main())
