"""A program that talks without end and prints the ids of turns once they are stored, to be killed by a test."""

import asyncio
import sys

from components.call.items import Speaker
from components.conversation.transcript.turn import Status, Turn
from components.history.history import History
from components.history.journal import Stored


async def talk(file: str) -> None:
    history = History(f'sqlite:///{file}')
    await history.start()
    journal = history.journal('host', 'c1', None, report)
    turns: list[Turn] = []
    while True:
        turns.append(Turn(f'u{len(turns)}', Speaker.USER, 'word ' * 50, Status.DONE, started_at=1.0, ended_at=2.0))
        journal.keep(turns, {turns[-1].item_id})
        await asyncio.sleep(0)


def report(stored: Stored) -> None:
    sys.stdout.write('\n'.join(stored.finished) + '\n')
    sys.stdout.flush()


if __name__ == '__main__':
    asyncio.run(talk(sys.argv[1]))
