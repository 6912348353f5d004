"""All that a browser gets to see, for those who look for what it must not see."""

from playwright.async_api import Page, Response, WebSocket


class Received:
    """All that a page gets to see from now on: what it fetches, what the websocket carries, what the browser keeps."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._responses: list[Response] = []
        self._frames: list[str | bytes] = []
        page.on('response', lambda response: self._responses.append(response))
        page.on('websocket', self._listen)

    @classmethod
    async def of(cls, page: Page) -> 'Received':
        """Begin. The page takes nothing from its cache, as the browser shows nobody what lies there."""
        session = await page.context.new_cdp_session(page)
        await session.send('Network.enable')
        await session.send('Network.setCacheDisabled', {'cacheDisabled': True})
        return cls(page)

    async def everything(self) -> str:
        seen: list[object] = [await self._page.content(), await self._page.context.storage_state(indexed_db=True)]
        seen.append(await self._page.evaluate('({...sessionStorage})'))
        for response in self._responses:
            seen += [response.url, await response.request.all_headers(), await response.all_headers()]
            seen.append((await response.body()).decode(errors='replace'))
        assert len(self._responses) > 10
        assert self._frames
        frames = [frame if isinstance(frame, str) else frame.decode(errors='replace') for frame in self._frames]
        return '\n'.join([*map(str, seen), *frames])

    def _listen(self, socket: WebSocket) -> None:
        socket.on('framesent', lambda frame: self._frames.append(frame))
        socket.on('framereceived', lambda frame: self._frames.append(frame))
