"""Holds one call for an hour, and prints what it takes.

    python -m tests.soak.long_call [--minutes 60] [--transport webrtc|relay]

Every ten seconds something is asked and answered aloud. The call must stay live, with every question and answer in the
conversation, and memory, descriptors, threads and tasks must level off.
"""

import asyncio
import sys
from argparse import ArgumentParser
from time import monotonic

from .figures import Holdings, growth
from .watched import Transport, watched

PAUSE = 10.0  # seconds from question to question
MOST_GROWTH = 32.0
"""MB in the second half: the conversation itself, on the page and in the engine."""


async def soak(minutes: float, transport: Transport) -> list[str]:
    """Hold a call for so long. Returns the problems."""
    figures: list[Holdings] = []
    async with watched(transport) as run:
        await run.page.call()
        begin = told = monotonic()
        questions = 0
        while monotonic() < begin + 60 * minutes:
            questions += 1
            next_at = monotonic() + PAUSE
            await run.ask(questions)
            if (state := await run.page.state()) != 'live':
                run.errors.append(f'After {(monotonic() - begin) / 60:.1f} minutes the call is {state}.')
                break
            if monotonic() - told > 60 * minutes / 20 or not figures:
                told = monotonic()
                figures.append(await run.holdings())
                passed = (told - begin) / 60
                print(f'{passed:5.1f} minutes: {figures[-1]}; {await run.browser()}', flush=True)
            await asyncio.sleep(max(0.0, next_at - monotonic()))
        await run.page.hang_up()
        answers = await run.page.page.evaluate(ANSWERS)
        if answers != questions:
            run.errors.append(f'{questions} questions were asked, and {answers} answers were completed.')
        refusals = await run.page.refusals()
        if refusals:
            run.errors.append(f'The service reported {refusals}.')
        recoveries = await run.page.page.evaluate(RECOVERIES)
        print(f'{questions} questions, {answers} answers; recovered or renewed {recoveries} times')
    return [*run.errors, *growth(figures, megabytes=MOST_GROWTH)]


async def main() -> None:
    """Run the soak, and exit with 1 if it finds anything."""
    parser = ArgumentParser(description=__doc__.partition('\n')[0])
    parser.add_argument('--minutes', type=float, default=60)
    parser.add_argument('--transport', choices=('webrtc', 'relay'), default='webrtc')
    options = parser.parse_args()
    problems = await soak(options.minutes, options.transport)
    print(*problems or ['Everything levels off.'], sep='\n')
    sys.exit(bool(problems))


RESPONSES = 'witness.received.filter(({type, response}) => type === "response.done" && response.status === "completed")'
ANSWERS = f'{RESPONSES}.length'
RECOVERIES = 'witness.received.filter(({type}) => type === "session.created").length - 1'

if __name__ == '__main__':
    asyncio.run(main())
