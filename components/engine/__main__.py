"""The engine as a program of its own: `python -m components.engine`."""

import os
import socket
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount

from components.engine.faults.faulty_engine import FaultyEngine
from components.engine.servers.stage_server import StageServers

from .api.closing_socket import ClosingSocket
from .engine import Engine


def main() -> None:
    """Run the engine until Ctrl+C."""
    options = arguments()
    local_only = options.host in {'127.0.0.1', '::1', 'localhost'}
    servers = stage_servers()
    kind = FaultyEngine if options.faults else Engine
    engine = kind(key=options.key, local_only=local_only, servers=servers)
    listening = listen(options.host, options.port)

    @asynccontextmanager
    async def running(app: Starlette) -> AsyncIterator[None]:
        await engine.start()
        print_start(engine, options, port=listening.getsockname()[1])
        yield
        await engine.stop()

    app = Starlette(routes=[Mount('/v1', engine.app)], lifespan=running)
    config = uvicorn.Config(app, log_level='warning', timeout_graceful_shutdown=_GRACE_SECONDS, ws=ClosingSocket)
    with listening, suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listening])


def arguments() -> Namespace:
    """Read the command line."""
    parser = ArgumentParser(prog='python -m components.engine', description='A small Realtime API on your computer.')
    parser.add_argument('--host', default='127.0.0.1', help='address to listen on (default: this computer only)')
    parser.add_argument('--port', type=int, default=8081, help='port to listen on, 0 for any (default: 8081)')
    parser.add_argument('--key', help='the API key that clients must send (default: any key will do)')
    parser.add_argument('--faults', action='store_true', help=_FAULTS)
    return parser.parse_args()


def stage_servers() -> StageServers:
    """Read the servers of stages from the environment, and from the file `.env` if python-dotenv is installed.

    Exits with one sentence if a value cannot be right.
    """
    with suppress(ImportError):
        from dotenv import load_dotenv

        load_dotenv()
    try:
        return StageServers.from_environment(os.environ)
    except ValueError as error:
        sys.exit(str(error))


def listen(host: str, port: int) -> socket.socket:
    """Open the port, or exit with one sentence."""
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ':' in host else socket.AF_INET)
    except (OSError, OverflowError) as error:
        sys.exit(f'The engine cannot listen on {host}, port {port}: {error}. Try another one: --port {_ANOTHER_PORT}')


def print_start(engine: Engine, options: Namespace, *, port: int) -> None:
    """Print where the engine is, what does its work, and what it lacks."""
    host = f'[{options.host}]' if ':' in options.host else options.host
    key = 'the key that you chose' if options.key else 'any API key'
    lines = [f'The engine serves the Realtime API at http://{host}:{port}/v1 with {key}. Ctrl+C stops it.']
    if options.faults:
        lines.append('Clients can ask for faults: POST and DELETE at /v1/faults.')
    lines += [' '.join(engine.notes), *engine.problems, *engine.news]
    sys.stdout.writelines(f'{line}\n' for line in lines if line)
    sys.stdout.flush()


_FAULTS = (
    'for tests: let clients ask for faults, with a POST of JSON to /v1/faults: "refuse" {"at" "client_secrets", '
    '"calls" or "socket", "status", "code", "message", "times"}, "fail_answer" or "fail_transcription" {"code", '
    '"message", "times"}, "delay_answer_ms", "delay_transcription_ms", "session_ms"; and at once in all live calls: '
    '"error" {"code", "message"}, "expire" true, "drop_network" true. A DELETE ends them.'
)
_ANOTHER_PORT = 8090
_GRACE_SECONDS = 3  # for clients to say goodbye

if __name__ == '__main__':
    main()
