"""LiteLLM's proxy between Parley and the engine, unmodified: what a host has who runs a gateway for all models."""

from __future__ import annotations

import asyncio
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from types import MappingProxyType

import httpx
from playwright.async_api import BrowserContext, expect

from components.sharing.addresses import lan_addresses, url_host
from tests.chromium import Chromium
from tests.e2e.witness import WITNESS, WitnessedPage
from tests.parley import Parley, clean_environment, free_port
from tests.sharing.shared import PASSCODE
from tests.soak.watched import Transport

from .environment import Environment

KEY = 'sk-gateway'
MODEL = 'talker'
"""The gateway's name for the engine's model."""

CONFIG = """
model_list:
  - model_name: {model}
    litellm_params: {{model: openai/gpt-realtime-2.1, api_base: {url}, api_key: sk-anything}}
general_settings: {{master_key: {key}}}
"""
START_SECONDS = 120.0
_NOTHING: Mapping[str, str] = MappingProxyType({})
ENVIRONMENT = Environment('litellm', ('litellm[proxy]==1.108.7',))


class Gateway:
    """The proxy in front of the engine at `url`, in `folder`."""

    def __init__(self, url: str, folder: Path) -> None:
        self._engine_url = url
        self._folder = folder
        self._port = free_port()
        self._process: Process | None = None

    @property
    def url(self) -> str:
        """Its base URL."""
        return f'http://127.0.0.1:{self._port}/v1'

    async def start(self) -> None:
        """Start it, and wait until it answers."""
        config = self._folder / 'config.yaml'
        config.write_text(CONFIG.format(model=MODEL, url=self._engine_url, key=KEY))
        program = ENVIRONMENT.program('litellm')
        arguments = ('--config', str(config), '--host', '127.0.0.1', '--port', str(self._port))
        local = {'LITELLM_LOCAL_MODEL_COST_MAP': 'True'}  # or it fetches a list of prices
        environment = {**clean_environment(), **local}
        with (self._folder / 'gateway.txt').open('ab') as log:
            self._process = await asyncio.create_subprocess_exec(
                program, *arguments, env=environment, stdout=log, stderr=log
            )
        deadline = monotonic() + START_SECONDS
        async with httpx.AsyncClient(trust_env=False, timeout=START_SECONDS) as client:
            while True:
                try:
                    # The first request for a key loads much, which takes a busy machine ten seconds.
                    body = {'session': {'type': 'realtime', 'model': MODEL}}
                    headers = {'Authorization': f'Bearer {KEY}'}
                    answer = await client.post(f'{self.url}/realtime/client_secrets', json=body, headers=headers)
                    assert answer.is_success, answer.text
                    return
                except httpx.TransportError:
                    assert monotonic() < deadline, (self._folder / 'gateway.txt').read_text()[-2_000:]
                    await asyncio.sleep(0.2)

    async def kill(self) -> None:
        """End it without a chance to say goodbye."""
        if self._process and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()


async def try_gateway(url: str) -> None:
    """Let Parley talk with the engine at this URL through the gateway, and print what works."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        gateway = Gateway(url, folder)
        await gateway.start()
        try:
            async with Chromium.found(folder) as chromium:
                browser = await chromium.silent()
                context = await browser.new_context(permissions=['microphone'], ignore_https_errors=True)
                await _try_calls(gateway, context, folder)
                await _try_refusals(gateway, context, folder)
                await _try_death(gateway, context, folder)
        finally:
            await gateway.kill()


async def _try_calls(gateway: Gateway, context: BrowserContext, folder: Path) -> None:
    port = free_port()
    sharing = ('--share', '--share-port', str(port), '--passcode', PASSCODE)
    async with _parley(gateway, folder, arguments=sharing) as parley:
        page = await _open(context, parley.url)
        for transport in _TRANSPORTS:
            await page.choose_transport(transport)
            await _talk(page, f'{transport} of the host', transport)
        await page.page.close()
        guest = await context.new_page()
        await guest.add_init_script(WITNESS)
        url = f'https://{url_host(lan_addresses()[0])}:{port}/'
        await guest.goto(f'{url}join')
        await guest.get_by_label('Your name').fill('Ana')
        await guest.get_by_label('Passcode').fill(PASSCODE)
        await guest.get_by_role('button', name='Join').click()
        await guest.wait_for_function('window.did_handshake')
        # The proxy cannot end calls, so what guests say goes through Parley, which can.
        await _talk(WitnessedPage(guest, url), 'relay of a guest', 'relay')
        await guest.close()
    async with _parley(gateway, folder, {'PROVIDER_PLACING': 'unified'}) as parley:
        page = await _open(context, parley.url)
        await _talk(page, 'relay of calls that Parley places', 'relay')
        await page.page.close()


async def _try_refusals(gateway: Gateway, context: BrowserContext, folder: Path) -> None:
    # It refuses WebSockets with a wrong key without a word.
    for title, codes, changed in (
        ('a wrong key', {'webrtc': 'invalid_api_key', 'relay': 'http_403'}, {'PROVIDER_KEY': 'sk-wrong'}),
        ('an unknown model', {'webrtc': 'model_not_found', 'relay': 'model_not_found'}, {'PROVIDER_MODEL': 'nobody'}),
    ):
        async with _parley(gateway, folder, changed) as parley:
            page = await _open(context, parley.url)
            for transport in _TRANSPORTS:
                await page.choose_transport(transport)
                await page.press_call()
                await page.wait_state('failed')
                notice = page.page.get_by_test_id('notice').filter(visible=True).first
                said, found = await notice.inner_text(), await notice.get_attribute('data-code')
                assert found == codes[transport], (title, transport, found, said)
                print(f'ok {title}, {transport}: {" ".join(said.split())!r}', flush=True)
            await page.page.close()


async def _try_death(gateway: Gateway, context: BrowserContext, folder: Path) -> None:
    async with _parley(gateway, folder) as parley:
        page = await _open(context, parley.url)
        for transport in _TRANSPORTS:
            await page.choose_transport(transport)
            await page.call()
            await gateway.kill()
            if transport == 'webrtc':  # sound and events go past the proxy
                await _ask(page, 7)
                print('ok killed in mid-call, webrtc: the call goes on', flush=True)
                await page.hang_up()
                await gateway.start()
            else:
                await page.wait_state('recovering')
                await gateway.start()
                await page.wait_state('live', within=60)
                await _ask(page, 8)
                print('ok killed in mid-call, relay: the call is back as soon as the proxy is', flush=True)
                await page.hang_up()
        await page.page.close()


async def _talk(page: WitnessedPage, title: str, transport: Transport) -> None:
    await page.call()
    way = page.page.get_by_test_id('call-way')
    await expect(way).to_have_attribute('data-transport', transport)
    await _ask(page, 2)
    await page.wait_voice()
    await page.hang_up()
    print(f'ok {title}', flush=True)


async def _ask(page: WitnessedPage, number: int) -> None:
    """Type a question, and wait for the words of its answer."""
    box = page.page.get_by_test_id('message-box')
    await box.fill(f'What is {number} + 30?')
    await box.press('Enter')
    await page.wait_turn('assistant', containing=str(number + 30), status='done', within=30)


async def _open(context: BrowserContext, url: str) -> WitnessedPage:
    page = WitnessedPage(await context.new_page(), url)
    await page.page.add_init_script(WITNESS)
    await page.open()
    return page


@asynccontextmanager
async def _parley(
    gateway: Gateway, folder: Path, changed: Mapping[str, str] = _NOTHING, arguments: tuple[str, ...] = ()
) -> AsyncIterator[Parley]:
    provider = {
        'PROVIDER_URL': gateway.url,
        'PROVIDER_KEY': KEY,
        'PROVIDER_MODEL': MODEL,
        'PROVIDER_VOICE': 'marin',
        'PROVIDER_TRANSCRIPTION_MODEL': 'gpt-realtime-whisper',
        'PARLEY_PROVIDER': 'other',
    }
    parley = Parley(folder, provider | dict(changed), arguments=arguments)
    await parley.start()
    try:
        yield parley
        parley.assert_no_traceback()
    finally:
        await parley.kill()


_TRANSPORTS: tuple[Transport, ...] = ('webrtc', 'relay')
