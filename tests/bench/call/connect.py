"""How long from the click until one can talk: Parley beside the plain sequential flow, against the same far service.

    python -m tests.bench.call.connect [--runs 15] [--delay 80]

Both pages call the same engine, which stands behind an HTTP server that answers each request DELAY milliseconds late,
as a service far away would. The plain page does what tutorials do: fetch a key, then open the microphone, then make
the offer, then exchange it. The limit is what the plain page needs with key, microphone and offer at hand. The three
take turns in one browser, so a slow machine slows all.
"""

import asyncio
import tempfile
from argparse import ArgumentParser
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import httpx
import uvicorn
from playwright.async_api import Page
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from components.engine import Engine
from tests.bench.figures import Figure, Side, figure, table
from tests.chromium import Chromium
from tests.parley import Parley, free_port

PLAIN_PAGE = """<!doctype html><audio id="voice" autoplay></audio><script type="module">
const prepare = async () => {
  const { key, calls } = await (await fetch("/session")).json();
  const microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
  const peer = new RTCPeerConnection();
  peer.ontrack = ({ streams }) => (document.getElementById("voice").srcObject = streams[0]);
  for (const track of microphone.getTracks()) peer.addTrack(track, microphone);
  const channel = peer.createDataChannel("oai-events");
  const session = new Promise((resolve) => (channel.onmessage = resolve)); // session.created is the first event
  await peer.setLocalDescription(await peer.createOffer());
  return { key, calls, microphone, peer, session };
};
const place = async ({ key, calls, peer, session }) => {
  const headers = { Authorization: `Bearer ${key}`, "Content-Type": "application/sdp" };
  const answer = await fetch(calls, { method: "POST", headers, body: peer.localDescription.sdp });
  await peer.setRemoteDescription({ type: "answer", sdp: await answer.text() });
  await session;
};
const hangUp = ({ peer, microphone }) => {
  peer.close();
  for (const track of microphone.getTracks()) track.stop();
};
window.call = async () => {
  const start = performance.now();
  const prepared = await prepare();
  await place(prepared);
  const took = performance.now() - start;
  hangUp(prepared);
  return took;
};
window.callAtOnce = async () => {
  const prepared = await prepare();
  await new Promise((resolve) => setTimeout(resolve, 200)); // all candidates are found
  const start = performance.now();
  await place(prepared);
  const took = performance.now() - start;
  hangUp(prepared);
  return took;
};
</script>"""

CALL_PARLEY = """() => new Promise((resolve) => {
  const button = document.querySelector("[data-testid=call-button]");
  const start = performance.now();
  new MutationObserver((_, observer) => {
    if (button.dataset.state !== "live") return;
    observer.disconnect();
    resolve(performance.now() - start);
  }).observe(button, { attributeFilter: ["data-state"] });
  button.click();
})"""


async def main() -> None:
    parser = ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--runs', type=int, default=15)
    parser.add_argument('--delay', type=float, default=80, help='milliseconds that each HTTP answer is late')
    options = parser.parse_args()
    print(table(await measure(options.runs, options.delay)))


async def measure(runs: int, delay: float = 80) -> list[Figure]:
    """Connect so many times in each way, to a service whose HTTP answers are `delay` milliseconds late."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        engine = Engine()
        await engine.start()
        stack.push_async_callback(engine.stop)
        far = await stack.enter_async_context(serve(Late(engine.app, delay / 1000), '/v1'))
        plain = await stack.enter_async_context(serve(plain_app(f'{far}/v1')))
        parley = Parley(folder, {'OPENAI_API_KEY': 'bench', 'OPENAI_BASE_URL': f'{far}/v1'})
        await parley.start()
        stack.push_async_callback(parley.kill)
        page = await (await stack.enter_async_context(Chromium.found(folder))).open_page()
        await page.context.grant_permissions(['microphone'])
        ours, plains, limits = [], [], []
        parley_page, plain_page = page, await page.context.new_page()
        await parley_page.goto(parley.url)
        await parley_page.wait_for_function('window.did_handshake')
        await plain_page.goto(plain)
        for _ in range(runs + 1):
            ours.append(await call_parley(parley_page))
            await plain_page.bring_to_front()
            plains.append(await plain_page.evaluate('call()'))
            limits.append(await plain_page.evaluate('callAtOnce()'))
    name = f'click to session ready, service {delay:g} ms away'
    return [  # the first round warms up both
        figure(name, ours[1:], against=Side('the limit: key, microphone and offer at hand', limits[1:])),
        figure(name, ours[1:], against=Side('plain sequential flow', plains[1:])),
    ]


async def call_parley(page: Page) -> float:
    await page.bring_to_front()
    button = page.get_by_test_id('call-button')
    await button.hover()  # as a person does, a moment before the click; the ticket is fetched ahead by then
    await page.wait_for_timeout(500)
    took = float(await page.evaluate(CALL_PARLEY))
    await button.click()
    await page.mouse.move(0, 0)
    return took


class Late:
    """An application whose every HTTP answer comes `seconds` late."""

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self.app = app
        self.seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(self.seconds)
        await self.app(scope, receive, send)


def plain_app(service: str) -> ASGIApp:
    client = httpx.AsyncClient(headers={'Authorization': 'Bearer bench'})

    async def page(request: Request) -> Response:
        return HTMLResponse(PLAIN_PAGE)

    async def session(request: Request) -> Response:
        answer = await client.post(f'{service}/realtime/client_secrets', json={'session': {'type': 'realtime'}})
        return JSONResponse({'key': answer.json()['value'], 'calls': f'{service}/realtime/calls'})

    return Starlette(routes=[Route('/', page), Route('/session', session)])


@asynccontextmanager
async def serve(app: ASGIApp, path: str = '') -> AsyncIterator[str]:
    """Serve an application on this machine and give its address."""
    port = free_port()
    mounted = Starlette(routes=[Mount(path, app)])
    server = uvicorn.Server(uvicorn.Config(mounted, host='127.0.0.1', port=port, log_level='warning', lifespan='off'))
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110  (uvicorn offers no event to wait for)
        await asyncio.sleep(0.01)
    try:
        yield f'http://localhost:{port}'
    finally:
        server.should_exit = True
        await serving


if __name__ == '__main__':
    asyncio.run(main())
