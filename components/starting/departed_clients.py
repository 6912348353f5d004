"""Requests of browsers that leave before the answer."""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class DepartedClients:
    """ASGI middleware that completes the requests of clients that disconnected.

    NiceGUI's middleware prints a traceback for each request that ends without a response. Closing a tab that is still
    loading would cause that twice over: Starlette stops sending a file, and Engine.IO's polling raises KeyError. So a
    GET is answered to its end, unread, and anything else ends in a response without a reader.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request. Errors while the client is there pass through."""
        if scope['type'] != 'http':
            await self._app(scope, receive, send)
            return
        request = _Request(receive, send)
        try:
            await self._app(scope, request.receive if scope['method'] != 'GET' else request.receive_late, request.send)
        except Exception:
            if not request.departed:
                raise
        if request.departed and not request.answered:
            await send({'type': 'http.response.start', 'status': CLIENT_CLOSED_REQUEST, 'headers': []})
            await send({'type': 'http.response.body'})


class _Request:
    """The progress of one request. `receive_late` holds back the news that the client left."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self.departed = False
        self.answered = False
        self._receive = receive
        self._send = send
        self._received = False
        self._complete = asyncio.Event()

    async def receive(self) -> Message:
        message = await self._receive()
        self.departed = self.departed or message['type'] == 'http.disconnect'
        return message

    async def receive_late(self) -> Message:
        if not self._received:
            self._received = True
            message = await self.receive()
            return {'type': 'http.request', 'body': b''} if self.departed else message
        await self._complete.wait()
        return await self.receive()

    async def send(self, message: Message) -> None:
        self.answered = True
        await self._send(message)
        if message['type'] == 'http.response.body' and not message.get('more_body'):
            self._complete.set()


CLIENT_CLOSED_REQUEST = 499
"""The status that nginx logs for such requests. Nobody receives it."""
