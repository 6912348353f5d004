"""The guests' port: it speaks TLS, and plain HTTP for browsers that forgot the s in https."""

import asyncio
import errno
import selectors
import socket
import ssl
import threading
from collections.abc import Generator
from contextlib import closing, contextmanager
from time import monotonic

import uvicorn
from starlette.types import ASGIApp

from .connections import MOST_CONNECTIONS, RESERVE, Connection, Connections, Deadlines, raise_descriptor_limit

PATIENCE = 10.0
"""Seconds for a new connection to send its first byte, and again to finish the TLS handshake."""

MOST_SILENT = 200
"""How many connections may wait without having sent anything; beyond that, the oldest is closed."""

PAUSE = 0.5
"""Seconds without accepting connections after the system has run out of file descriptors."""

HIGHEST_PORT = 65535

TLS_HANDSHAKE = b'\x16'
"""The first byte of every TLS connection (RFC 8446, 5.1); no HTTP request begins with it."""


class Listener:
    """Serves an app on some sockets, in the event loop that starts it.

    A thread accepts the connections and looks at their first byte, so that silent ones cost the loop nothing.

    Args:
        app: The app to serve.
        sockets: The listening sockets; the listener closes them.
        context: The TLS context.
    """

    def __init__(self, app: ASGIApp, sockets: list[socket.socket], context: ssl.SSLContext) -> None:
        self._connections = Connections(max(8, min(MOST_CONNECTIONS, raise_descriptor_limit() - RESERVE)))
        self._most_silent = min(MOST_SILENT, self._connections.most // 4)
        config = uvicorn.Config(
            Deadlines(app, self._connections),
            lifespan='off',
            ws='wsproto',  # as NiceGUI runs its own
            ws_per_message_deflate=False,  # as in `starting.run`
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,  # the address of the connection itself counts
            timeout_graceful_shutdown=3,
        )
        self._server = _Server(config)
        self._sockets = sockets
        self._context = context
        self._tasks: set[asyncio.Task[None]] = set()
        self._wake, self._woken = socket.socketpair()

    async def start(self) -> None:
        """Start to serve. Connections that came in earlier have been waiting."""
        self._loop = asyncio.get_running_loop()
        self._serving = asyncio.create_task(self._server.serve(sockets=[]))
        self._thread = threading.Thread(target=self._accept, name='sharing', daemon=True)
        self._thread.start()

    async def stop(self) -> None:
        """Stop accepting connections, and close those that are open."""
        self._wake.close()
        await asyncio.to_thread(self._thread.join)
        for task in self._tasks:
            task.cancel()
        self._server.should_exit = True
        await self._serving

    def _accept(self) -> None:
        silent: dict[socket.socket, float] = {}  # and until when each may stay silent
        with selectors.DefaultSelector() as selector, closing(self._woken):
            for listening in self._sockets:
                listening.setblocking(False)
                selector.register(listening, selectors.EVENT_READ)
            selector.register(self._woken, selectors.EVENT_READ)
            stopped = False
            paused_until = 0.0
            while not stopped:
                events = selector.select(min(1, PAUSE) if silent or paused_until else None)
                if paused_until and monotonic() >= paused_until:
                    paused_until = 0.0
                    for listening in self._sockets:
                        selector.register(listening, selectors.EVENT_READ)
                for key, _ in events:
                    if key.fileobj is self._woken:
                        stopped = True
                    elif isinstance(key.fileobj, socket.socket) and key.fileobj in silent:
                        selector.unregister(key.fileobj)
                        del silent[key.fileobj]
                        self._pass_on(key.fileobj)
                    elif isinstance(key.fileobj, socket.socket) and not paused_until:
                        try:
                            connection, _ = key.fileobj.accept()
                        except OSError as error:
                            if error.errno in _EXHAUSTED:  # or the same event would come again at once
                                paused_until = monotonic() + PAUSE
                                for listening in self._sockets:
                                    selector.unregister(listening)
                            continue  # else already closed
                        connection.setblocking(False)
                        selector.register(connection, selectors.EVENT_READ)
                        silent[connection] = monotonic() + PATIENCE
                for connection in _overdue(silent, min(MOST_SILENT, self._most_silent)):
                    selector.unregister(connection)
                    del silent[connection]
                    connection.close()
        for connection in (*silent, *self._sockets):
            connection.close()

    def _pass_on(self, connection: socket.socket) -> None:
        try:
            first = connection.recv(1, socket.MSG_PEEK)
        except OSError:
            first = b''
        if first:
            self._loop.call_soon_threadsafe(self._begin, connection, first == TLS_HANDSHAKE)
        else:
            connection.close()

    def _begin(self, connection: socket.socket, tls: bool) -> None:
        place = self._connections.admit(_address(connection))
        if place is None:
            connection.close()
            return
        task = asyncio.create_task(self._serve(connection, place, tls))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, connection: socket.socket, place: Connection, tls: bool) -> None:
        try:
            transport, _ = await self._loop.connect_accepted_socket(
                self._server.protocol,
                connection,
                ssl=self._context if tls else None,
                ssl_handshake_timeout=PATIENCE if tls else None,
            )
        except OSError:  # closed during the handshake, or distrusts the certificate
            place.ended = True
            connection.close()
        except BaseException:
            place.ended = True
            raise
        else:
            self._connections.begin(place, transport)


class _Server(uvicorn.Server):
    """A second uvicorn in one process: it leaves signals to the first, and gets connections instead of sockets."""

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Leave the signals alone."""
        yield

    def protocol(self) -> asyncio.Protocol:
        """Return a protocol for one connection."""
        made: asyncio.Protocol = self.config.http_protocol_class(  # type: ignore[call-arg]
            config=self.config, server_state=self.server_state, app_state={}
        )
        return made


def listen(host: str | None, port: int) -> list[socket.socket]:
    """Open a port at one address, or at all of IPv4 and IPv6. Raises OSError."""
    if not 0 <= port <= HIGHEST_PORT:  # 0 is any free one
        raise OSError(errno.EINVAL, f'ports are numbers from 1 to {HIGHEST_PORT}')
    if host is not None:
        return [socket.create_server((host, port), family=socket.AF_INET6 if ':' in host else socket.AF_INET)]
    if socket.has_dualstack_ipv6():
        try:
            return [socket.create_server(('', port), family=socket.AF_INET6, dualstack_ipv6=True)]
        except OSError as error:
            if error.errno not in _NO_IPV6:
                raise
    return [socket.create_server(('', port))]


def another_port(port: int, error: OSError, default: int) -> int:
    """Return a port to try instead of one that couldn't be opened: the next one, or `default` if that has no chance."""
    follows = error.errno == errno.EADDRINUSE and port < HIGHEST_PORT
    return port + 1 if follows else default


def _address(connection: socket.socket) -> str:
    try:
        return str(connection.getpeername()[0])
    except OSError:  # already closed
        return ''


def _overdue(silent: dict[socket.socket, float], most: int) -> list[socket.socket]:
    oldest = list(silent)[: max(0, len(silent) - most)]
    return list(dict.fromkeys([*oldest, *(each for each, until in silent.items() if until < monotonic())]))


_EXHAUSTED = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}
_NO_IPV6 = {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT}
