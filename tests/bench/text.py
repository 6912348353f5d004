"""How long from a word's arrival in the browser until it stands in the chat.

    python -m tests.bench.text [--rate 50] [--seconds 6]

The words are transcript deltas put into the data channel of a live call, so they take the product's whole way: browser,
batch, websocket, Python, transcript, widget, and back into the page, where a MutationObserver sees them.
"""

import asyncio
from argparse import ArgumentParser

from tests.page import ParleyPage

from .figures import report
from .fresh import fresh

KEEP_CHANNEL = """
  const create = RTCPeerConnection.prototype.createDataChannel;
  RTCPeerConnection.prototype.createDataChannel = function (...options) {
    return (window.channel = create.apply(this, options));
  };"""

STREAM = """async ({ rate, seconds }) => {
  const receive = (event) => channel.onmessage({ data: JSON.stringify(event) });
  const item = { id: "item_bench", type: "message", role: "assistant", status: "in_progress", content: [] };
  receive({ type: "response.created", response: { id: "resp_bench", conversation_id: "conv_bench" } });
  receive({ type: "response.output_item.added", response_id: "resp_bench", item });
  receive({ type: "conversation.item.added", previous_item_id: null, item });
  const sent = [];
  const delays = [];
  const see = () => {
    const text = document.querySelector("[data-item-id=item_bench] [data-testid=turn-text]")?.textContent ?? "";
    while (delays.length < sent.length && text.includes(`w${delays.length}.`))
      delays.push(performance.now() - sent[delays.length]);
  };
  const chat = document.querySelector("[data-testid=chat]");
  new MutationObserver(see).observe(chat, { subtree: true, childList: true, characterData: true });
  for (let word = 0; word < rate * seconds; word++) {
    sent.push(performance.now());
    const delta = `w${word}. `;
    receive({ type: "response.output_audio_transcript.delta", response_id: "resp_bench", item_id: item.id, delta });
    await new Promise((resolve) => setTimeout(resolve, 1000 / rate));
  }
  while (delays.length < sent.length) await new Promise(requestAnimationFrame);
  return delays;
}"""


async def main() -> None:
    parser = ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--rate', type=float, default=50, help='words per second')
    parser.add_argument('--seconds', type=float, default=6)
    options = parser.parse_args()

    async with fresh() as start:
        page = await start.chromium.open_page(init_script=KEEP_CHANNEL)
        shown = await ParleyPage(page, start.parley.url).open()
        await shown.call()
        delays = await page.evaluate(STREAM, {'rate': options.rate, 'seconds': options.seconds})
        report(f'word to visible text at {options.rate:g} words/s', delays)


if __name__ == '__main__':
    asyncio.run(main())
