"""Measures the history: writing a turn, searching 100,000 turns, and opening 5,000.

python -m tests.bench.history.database [--url postgresql://…]
"""

import argparse
import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from components.call.items import Speaker
from components.conversation.transcript.call_mark import Begun
from components.conversation.transcript.transcript import Transcript
from components.conversation.transcript.turn import Status, Turn
from components.history.entries import CallEntry, ConversationEntry, StoredConversation
from components.history.history import History
from components.history.journal import Stored

WORDS = [f'{first}{vowel}{last}' for first in 'bd' for vowel in 'aeiou' for last in 'rnstl']
OWNER = 'bench'


def turns(count: int, seed: int) -> tuple[Turn, ...]:
    chance = random.Random(seed)
    made = []
    for number in range(count):
        words = ' '.join(chance.choices(WORDS, k=20)) + (f' rare{number}' if number % 100 == 0 else '')
        speaker = Speaker.USER if number % 2 else Speaker.ASSISTANT
        made.append(Turn(f'item_{number}', speaker, words, Status.DONE, started_at=number, ended_at=number + 1, call=1))
    return tuple(made)


def conversation(count: int, seed: int) -> StoredConversation:
    entry = ConversationEntry('', OWNER, f'Number {seed}', False, 'Assistant', 0.0, float(seed), count, 0.0)
    made = turns(count, seed)
    return StoredConversation(entry, (CallEntry(1, 0.0, Begun.STARTED),), made, tuple(map(float, range(count))))


async def measured(work: Callable[[], Awaitable[Any]], times: int) -> str:
    took = []
    for _ in range(times):
        start = time.perf_counter()
        await work()
        took.append(1000 * (time.perf_counter() - start))
    return f'{statistics.median(took):.1f} ms (longest {max(took):.1f})'


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--url', help='the database, by default a new SQLite file')
    url = parser.parse_args().url
    with tempfile.TemporaryDirectory() as folder:
        history = History(url or f'sqlite:///{Path(folder) / "history.sqlite3"}')
        await history.start()
        long = await history.import_conversation(OWNER, conversation(5_000, 0))
        for seed in range(1, 20):
            print(f'writing {5000 * seed:,} turns', end='\r', flush=True)
            await history.import_conversation(OWNER, conversation(5_000, seed))

        done = asyncio.Queue[Stored]()
        journal = history.journal(OWNER, 'live', None, done.put_nowait)
        said: list[Turn] = []

        async def write() -> None:
            said.append(Turn(f'new_{len(said)}', Speaker.USER, 'What is new?', Status.DONE, started_at=0, ended_at=1))
            journal.keep(said, {said[-1].item_id})
            await done.get()

        async def load() -> None:
            found = await history.load(OWNER, long)
            assert found
            assert len(Transcript(found.turns).turns) == 5_000

        print('write a turn, until it is stored:', await measured(write, 200))
        print('search 100,000 turns, rare word: ', await measured(lambda: history.search(OWNER, 'rare4200'), 20))
        print('                  frequent words:', await measured(lambda: history.search(OWNER, 'bar den do'), 20))
        print('                  one letter:    ', await measured(lambda: history.search(OWNER, 'b'), 20))
        print('read 5,000 turns:                ', await measured(load, 5))
        print('list of conversations:           ', await measured(lambda: history.conversations(OWNER), 20))
        await history.delete_all(OWNER)
        await history.close()


if __name__ == '__main__':
    asyncio.run(main())
