"""Where many calls work at once, packets leave in between."""

import asyncio

from components.engine.turnstile import Turnstile


async def test_the_loop_looks_at_what_is_due_between_two_calls() -> None:
    turnstile, done = Turnstile(), list[str]()

    async def answer(call: str) -> None:
        await turnstile.pass_through()
        done.append(call)
        asyncio.get_running_loop().call_soon(done.append, 'packet')

    await asyncio.gather(answer('first'), answer('second'), answer('third'))
    assert done[:5] == ['first', 'packet', 'second', 'packet', 'third']


async def test_a_call_that_gives_up_lets_the_others_pass() -> None:
    turnstile = Turnstile()
    tasks = [asyncio.create_task(turnstile.pass_through()) for _ in range(3)]
    await asyncio.sleep(0)
    for task in tasks[:2]:
        task.cancel()
    await asyncio.wait_for(tasks[2], 5)
