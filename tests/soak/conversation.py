"""A spoken conversation of ten turns with a language model on this computer, in Chromium.

    python -m tests.soak.conversation [--model model.gguf] [--transport relay]

Somebody says ten sentences into the page's microphone, each after the answer before was heard, and once in the middle
of an answer. Every sentence must get an answer that sounds, the interruption must silence it, and the page must show
the turns in their order. The words are printed, with how long the sound of each answer took to begin, so that
somebody can read it: the model of the tests writes fluent nonsense, and nothing is expected of its words.
"""

import asyncio
import statistics
import tempfile
import textwrap
from argparse import ArgumentParser
from base64 import b64encode
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from components.engine.speech.wav import wav
from tests.bench.engine.clips import say
from tests.chromium import Chromium
from tests.page import EAR, ParleyPage, ShownTurn
from tests.parley import Parley
from tests.speech import words
from tests.weights import small_model

VOICE = 'marin'
SENTENCES = (
    'Hello, my name is Anna.',
    'Can you tell me something about the moon?',
    'I live in a small town near the sea.',
    'Please tell me a long story about a dragon.',
    'Stop, that is enough.',  # said into the story
    'What is the capital of France?',
    'How many days are in a week?',
    'I would like to cook something with rice tonight.',
    'What is my name?',
    'Thank you very much, goodbye.',
)
INTERRUPTION = 4
CACHE = Path('.pytest_cache', 'd', 'weights')

# A microphone that hears what the script says, when it says it. Times are those of `ear.loudness`.
MICROPHONE = """
    window.mouth = { said: [], events: [] };
    addEventListener("realtime", ({ detail }) => mouth.events.push([performance.now(), detail.type]));
    let context, microphone;
    const open = () => {
        context ??= new AudioContext();
        microphone ??= context.createMediaStreamDestination();
        context.resume();
        return microphone;
    };
    navigator.mediaDevices.getUserMedia = async () => open().stream.clone();
    mouth.say = async (encoded) => {
        open();
        const bytes = Uint8Array.from(atob(encoded), (char) => char.charCodeAt(0));
        const source = new AudioBufferSourceNode(context, { buffer: await context.decodeAudioData(bytes.buffer) });
        source.connect(microphone);
        const begun = performance.now();
        source.start();
        await new Promise((resolve) => (source.onended = resolve));
        return [begun, performance.now()];
    };
"""


@dataclass(frozen=True)
class Times:
    """When a sentence began and ended, and when the answer sounded first, in milliseconds of the page's clock."""

    begun: float
    ended: float
    sounded: float

    @property
    def wait(self) -> float:
        """Milliseconds from the end of the sentence to the first sound of the answer."""
        return self.sounded - self.ended


class Conversation:
    """Somebody who talks with the page."""

    def __init__(self, page: ParleyPage) -> None:
        self.page = page
        self.times: list[Times] = []

    async def say(self, sentence: str, *, into_the_answer: bool = False) -> None:
        """Say a sentence and wait for the sound of its answer."""
        sound = b64encode(wav(say(sentence, VOICE), rate=16_000)).decode()
        begun, ended = await self.page.page.evaluate('(sound) => mouth.say(sound)', sound)
        if into_the_answer:
            silent_at = await self._when('rms < 0.001', begun)
            print(f'    the answer was silent {silent_at - begun:.0f} ms after the interruption began')
            assert silent_at < ended + 1000, 'The interruption did not silence the answer'
        self.times.append(Times(begun, ended, await self._when('rms > 0.01', ended)))

    async def hear(self, *, seconds: float) -> None:
        """Listen to the answer until it is over, but no longer than so many seconds."""
        over = (
            '([count, until]) => performance.now() > until || mouth.events.filter(([, type]) =>'
            ' /^output_audio_buffer.(stopped|cleared)$/.test(type)).length >= count'
        )
        now = await self.page.page.evaluate('performance.now()')
        count, timeout = len(self.times), (seconds + 5) * 1000
        await self.page.page.wait_for_function(over, arg=[count, now + seconds * 1000], timeout=timeout)

    async def _when(self, heard: str, after: float) -> float:
        """Wait until the page's voice is as loud as this, and return when."""
        found = f'(after) => ear.loudness.find(([at, rms]) => at > after && {heard})?.[0] ?? false'
        handle = await self.page.page.wait_for_function(found, arg=after, timeout=30_000)
        return float(await handle.json_value())


def main() -> None:
    """Hold the conversation and print it."""
    parser = ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--model', type=Path, help='a GGUF file; by default the one of the tests')
    parser.add_argument('--transport', choices=('webrtc', 'relay'), default='webrtc')
    options = parser.parse_args()
    CACHE.mkdir(parents=True, exist_ok=True)
    turns, times = asyncio.run(talk((options.model or small_model(CACHE)).absolute(), options.transport))
    print_turns(turns, times)
    check(turns)


async def talk(model: Path, transport: Literal['webrtc', 'relay']) -> tuple[list[ShownTurn], list[Times]]:
    """Hold the conversation. Returns the turns that the page shows, and the times of each sentence."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        parley = Parley(folder, {'ENGINE_MIND': 'local', 'ENGINE_MIND_MODEL': str(model)})
        await parley.start()
        stack.push_async_callback(parley.kill)
        chromium = await stack.enter_async_context(Chromium.found(folder))
        browser_page = await chromium.open_page(init_script=EAR + MICROPHONE)
        page = await ParleyPage(browser_page, parley.url).open()
        await page.choose_transport(transport)
        await page.call()
        conversation = Conversation(page)
        for number, sentence in enumerate(SENTENCES):
            await conversation.say(sentence, into_the_answer=number == INTERRUPTION)
            # a story is not awaited: the next sentence interrupts it
            await conversation.hear(seconds=1.0 if number == INTERRUPTION - 1 else 60.0)
        turns = await page.turns()
        await page.hang_up()
        parley.assert_no_traceback()
    return turns, conversation.times


def print_turns(turns: list[ShownTurn], times: list[Times]) -> None:
    """Print the transcript, and how long each answer took to sound."""
    waits = iter(times)
    for turn in turns:
        wait = f'{next(waits).wait:.0f} ms' if turn.speaker == 'assistant' else ''
        print(f'{turn.speaker:9} {turn.status:11} {wait:>8}  {textwrap.shorten(turn.text, 300)}')
    heard = sum(
        words(turn.text) == words(said) for turn, said in zip(spoken_by('user', turns), SENTENCES, strict=False)
    )
    figures = sorted(each.wait for each in times)
    print(
        f'{heard} of {len(SENTENCES)} sentences heard word for word; '
        f'end of speech to sound: median {statistics.median(figures):.0f} ms, longest {figures[-1]:.0f} ms'
    )


def check(turns: list[ShownTurn]) -> None:
    """Assert what does not depend on the model's wits."""
    assert [turn.speaker for turn in turns] == ['user', 'assistant'] * len(SENTENCES), 'A turn is missing or misplaced'
    answers = spoken_by('assistant', turns)
    assert all(turn.text for turn in answers), 'An answer is empty'
    assert answers[INTERRUPTION - 1].status == 'interrupted', 'The interruption left no trace'
    assert 'failed' not in {turn.status for turn in turns}, 'A turn failed'


def spoken_by(speaker: str, turns: list[ShownTurn]) -> list[ShownTurn]:
    """Return the turns of one side."""
    return [turn for turn in turns if turn.speaker == speaker]


if __name__ == '__main__':
    main()
