"""How long from a word's arrival in the browser until it stands in the chat, beside the least that NiceGUI needs.

    python -m tests.bench.page.text [--words 300] [--rate 50]

The words are transcript deltas put into the data channel of a live call, so they take the product's whole way: browser,
batch, websocket, Python, transcript, widget, and back into the page, where a MutationObserver sees them. The other side
is a page whose only label is changed by Python for every word. Both take turns of 100 words in one browser.
"""

import asyncio
from argparse import ArgumentParser

from playwright.async_api import Page

from tests.bench.figures import Figure, Side, figure, table
from tests.bench.fresh import fresh
from tests.page import ParleyPage
from tests.parley import Parley

TURN = 100  # words

LABEL = """
import sys
from nicegui import ui

@ui.page('/')
def page():
    words = ui.label().props('data-testid=words')

    def add(event):
        words.text += event.args

    ui.on('word', add)

port = int(sys.argv[sys.argv.index('--port') + 1])
ui.run(port=port, title='Label', show=False, reload=False, storage_secret='secret', show_welcome_message=False)
"""

KEEP_CHANNEL = """
  const create = RTCPeerConnection.prototype.createDataChannel;
  RTCPeerConnection.prototype.createDataChannel = function (...options) {
    return (window.channel = create.apply(this, options));
  };"""

STREAM = """async ({ parley, turn, words, rate }) => {
  const receive = (event) => channel.onmessage({ data: JSON.stringify(event) });
  const id = `item_bench_${turn}`, response_id = `resp_bench_${turn}`;
  const item = { id, type: "message", role: "assistant", status: "in_progress", content: [] };
  if (parley) {
    receive({ type: "response.created", response: { id: response_id, conversation_id: "conv_bench" } });
    receive({ type: "response.output_item.added", response_id, item });
    receive({ type: "conversation.item.added", previous_item_id: null, item });
  }
  const say = (delta) => parley
    ? receive({ type: "response.output_audio_transcript.delta", response_id, item_id: id, delta })
    : emitEvent("word", delta);
  const shown = parley ? `[data-item-id=${id}] [data-testid=turn-text]` : "[data-testid=words]";
  const sent = [];
  const delays = [];
  const see = () => {
    const text = document.querySelector(shown)?.textContent ?? "";
    while (delays.length < sent.length && text.includes(`w${turn}_${delays.length}.`))
      delays.push(performance.now() - sent[delays.length]);
  };
  const observer = new MutationObserver(see);
  observer.observe(document.body, { subtree: true, childList: true, characterData: true });
  for (let word = 0; word < words; word++) {
    sent.push(performance.now());
    say(`w${turn}_${word}. `);
    await new Promise((resolve) => setTimeout(resolve, 1000 / rate));
  }
  while (delays.length < sent.length) await new Promise(requestAnimationFrame);
  observer.disconnect();
  if (parley) receive({ type: "response.done", response: { id: response_id, status: "completed" } });
  return delays;
}"""


async def main() -> None:
    parser = ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--words', type=int, default=300)
    parser.add_argument('--rate', type=float, default=50, help='words per second')
    options = parser.parse_args()
    print(table(await measure(options.words, options.rate)))


async def measure(words: int, rate: float = 50) -> list[Figure]:
    """Let so many words come on either side."""
    async with fresh() as start:
        (start.folder / 'label.py').write_text(LABEL)
        empty = Parley(start.folder, script=str(start.folder / 'label.py'))
        await empty.start()
        try:
            label = await start.chromium.open_page()
            await label.goto(empty.url)
            await label.wait_for_function('window.did_handshake')
            page = await start.chromium.open_page(init_script=KEEP_CHANNEL)
            shown = await ParleyPage(page, start.parley.url).open()
            await shown.call()
            ours: list[float] = []
            theirs: list[float] = []
            for turn in range(max(1, words // TURN)):
                ours += await stream(page, turn, rate, parley=True)
                theirs += await stream(label, turn, rate, parley=False)
        finally:
            await empty.kill()
    name = f'word in the data channel to visible text, {rate:g} words/s'
    return [figure(name, ours, against=Side('NiceGUI with one label', theirs))]


async def stream(page: Page, turn: int, rate: float, *, parley: bool) -> list[float]:
    """Let the words of a turn come. Returns after how many milliseconds each was visible."""
    await page.bring_to_front()
    options = {'parley': parley, 'turn': turn, 'words': TURN, 'rate': rate}
    delays: list[float] = await page.evaluate(STREAM, options)
    return delays


if __name__ == '__main__':
    asyncio.run(main())
