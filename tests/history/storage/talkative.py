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
    stored = asyncio.Queue[Stored]()
    journal = history.journal('host', 'c1', None, stored.put_nowait)
    turns: list[Turn] = []
    while True:
        for _ in range(3):  # of several turns that wait some may be written together
            turns.append(Turn(f'u{len(turns)}', Speaker.USER, 'word ' * 50, Status.DONE, started_at=1.0, ended_at=2.0))
            journal.keep(turns, {turns[-1].item_id})
        for id in sorted((await stored.get()).finished):
            sys.stdout.write(f'{id}\n')
        sys.stdout.flush()


if __name__ == '__main__':
    asyncio.run(talk(sys.argv[1]))
