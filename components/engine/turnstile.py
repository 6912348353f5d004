"""Work of many calls that begins at the same moment, one after the other."""

import asyncio


class Turnstile:
    """Lets one call at a time begin a piece of work, and the event loop look at what is due between two of them.

    Where many answers begin at once, the loop would otherwise do all that work before it sends packets that are due.
    """

    def __init__(self) -> None:
        self._lock = asyncio.Lock()

    async def pass_through(self) -> None:
        """Wait for those who came before."""
        async with self._lock:
            await asyncio.sleep(0)
