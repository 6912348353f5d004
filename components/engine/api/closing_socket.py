"""WebSockets of a web server that end for good."""

from uvicorn.protocols.websockets.wsproto_impl import WSProtocol


class ClosingSocket(WSProtocol):
    """Closes a connection even if its client takes nothing of what still waits for it.

    uvicorn's own waits for that without end, and does not stop before. Give it to uvicorn as its `ws`.
    """

    async def run_asgi(self) -> None:
        """Serve the WebSocket."""
        try:
            await super().run_asgi()
        finally:
            self.loop.call_later(_CLOSING_SECONDS, self.transport.abort)


_CLOSING_SECONDS = 10.0
