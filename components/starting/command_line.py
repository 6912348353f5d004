"""The command line."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from components.sharing.door.behind_proxy import Proxy
from components.sharing.door.gate import is_loopback
from components.sharing.errors import SharingError
from components.sharing.listener import another_port, listen
from components.sharing.options import ShareOptions, add_options

from .environment import warn
from .version import VERSION

if TYPE_CHECKING:
    from components.sharing.share import Share


@dataclass(frozen=True)
class CommandLine:
    """The options of a start. Impossible ones end the program with one sentence.

    The host's own browser finds Parley at `port` of `home`: a loopback address, or the one at which a proxy asks.
    """

    home: str
    port: int
    opens_browser: bool
    shares: bool
    checks: bool
    proxy: Proxy | None
    _given: Namespace = field(repr=False)  # which may hold the passcode

    @classmethod
    def read(cls) -> CommandLine:
        """Read the options that the program was started with."""
        given = _parser().parse_args()
        try:
            proxy = Proxy.read(given)
        except SharingError as error:
            sys.exit(str(error))
        home = given.host if is_loopback(given.host) or (proxy and not given.share) else '127.0.0.1'
        return cls(home, given.port, not (given.no_browser or proxy), given.share, given.check, proxy, given)

    @property
    def url(self) -> str:
        """The address of the host's page."""
        return self.proxy.url if self.proxy else f'http://localhost:{self.port}/'

    @property
    def prefix(self) -> str:
        """The path below which a proxy serves Parley; usually empty."""
        return self.proxy.prefix if self.proxy else ''

    @property
    def share_port(self) -> int:
        """The guests' port."""
        return int(self._given.share_port)

    def check_port(self) -> None:
        """Exit if Parley cannot listen at its port."""
        try:
            for listening in listen(self.home, self.port or -1):  # NiceGUI takes 0 for its default
                listening.close()
        except OSError as error:
            another = another_port(self.port, error, 8080)
            sys.exit(
                f'Parley cannot listen on {self.home}, port {self.port}: {error.strerror}. '
                f'Try another port: --port {another}'
            )

    def make_share(self, folder: Path) -> Share:
        """Prepare to let guests in. Raises SharingError if that is impossible.

        :param folder: see `Share`
        """
        from components.sharing.share import Share  # what guests need is loaded for them: listener, door, certificates

        given = self._given
        if given.passcode == '' and not self.shares:
            given = Namespace(**{**vars(given), 'passcode': None})  # nobody sits at the terminal any more
        return Share(ShareOptions.read(given, os.environ), folder)

    def share(self, folder: Path) -> Share | None:
        """Prepare to let guests in if `--share` is given, or exit.

        :param folder: see `Share`
        """
        if self.shares:
            try:
                share = self.make_share(folder)
            except SharingError as error:
                sys.exit(str(error))
            if self._given.passcode:
                warn(
                    'Other users of this computer can read --passcode in the list of processes. Set PARLEY_PASSCODE in '
                    '.env instead, or leave out the value: Parley then asks for it.'
                )
            return share
        if not is_loopback(host := self._given.host) and not self.proxy:
            sys.exit(
                f'Browsers refuse the microphone on http://{host}, so Parley listens on this computer only. '
                'To let others on the network in, with HTTPS and a passcode: --share'
            )
        return None


def _parser() -> ArgumentParser:
    parser = _Parser(description='Parley: talk with an AI in your browser.')
    parser.add_argument('--version', action='version', version=f'Parley {VERSION}')
    parser.add_argument('--host', default='127.0.0.1', help='address to listen on (default: this computer only)')
    parser.add_argument('--port', type=int, default=8080, help='port to listen on (default: 8080)')
    parser.add_argument('--no-browser', action='store_true', help='do not open the browser')
    parser.add_argument(
        '--behind-proxy',
        metavar='URL',
        help='the address at which a reverse proxy serves the page, such as https://talk.example.org/voice; '
        'the proxy must check who may come in',
    )
    parser.add_argument(
        '--trusted-proxy',
        metavar='ADDRESSES',
        default='127.0.0.1,::1',
        help='the addresses or networks from which the proxy asks (default: this computer)',
    )
    parser.add_argument('--check', action='store_true', help='say what Parley finds on this computer, and end')
    add_options(parser)
    return parser


class _Parser(ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Exit with one sentence, without the list of options."""
        self.exit(2, f'{message[:1].upper()}{message[1:]}. See: python main.py --help\n')
