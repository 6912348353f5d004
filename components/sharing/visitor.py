"""Identifies the visitor behind a request, a WebSocket or a page: the host, or a guest."""

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from starlette.requests import HTTPConnection

from components.desk.one_time_tickets import browser_of_cookie

Device: TypeAlias = Literal['iphone', 'ipad', 'android', 'windows', 'mac', 'chromebook', 'linux', 'other']


@dataclass(frozen=True)
class Host:
    """The person whose machine and key it is: every visitor on the loopback listener."""


@dataclass(frozen=True)
class Guest:
    """A person who came in by the door.

    Attributes:
        id: Identifies the guest, but grants nothing.
        name: The chosen name, made unique among all guests.
        device: The device that the guest's browser runs on.
        address: The guest's IP address.
        since: When the guest came in, in Unix seconds.
        account: What their time is counted under: someone who comes back without a cookie goes on with the last one.
    """

    id: str
    name: str = field(compare=False)
    device: Device = field(compare=False)
    address: str = field(compare=False)
    since: float = field(compare=False)
    account: str = field(default='', compare=False)


Visitor: TypeAlias = Host | Guest

HOST = Host()


def visitor(scope: Mapping[str, Any]) -> Visitor:
    """Return the visitor of an ASGI scope; in a page: `visitor(ui.context.client.request.scope)`.

    The door names the guest of every request from the network, so a scope without a name belongs to the host.
    """
    found: Visitor = scope.get(_KEY, HOST)
    return found


def browser_of(connection: HTTPConnection) -> object:
    """Identify whose tickets a connection may use: a guest's own, or those of one of the host's browsers."""
    who = visitor(connection.scope)
    return who.id if isinstance(who, Guest) else browser_of_cookie(connection)


def set_visitor(scope: MutableMapping[str, Any], guest: Guest) -> None:
    """Record the guest in an ASGI scope."""
    scope[_KEY] = guest


def is_named(scope: Mapping[str, Any]) -> bool:
    """Tell whether the door has named the guest of this scope."""
    return _KEY in scope


def device(user_agent: str, touch_points: int = 0) -> Device:
    """Guess the device from a browser's `User-Agent`.

    Args:
        user_agent: The header. By default, an iPad claims to be a Mac.
        touch_points: `navigator.maxTouchPoints`, by which an iPad differs from a Mac.
    """
    if 'Macintosh' in user_agent and touch_points > 1:
        return 'ipad'
    known: tuple[tuple[str, Device], ...] = (
        ('iPhone', 'iphone'),
        ('iPad', 'ipad'),
        ('Android', 'android'),
        ('Windows', 'windows'),
        ('CrOS', 'chromebook'),
        ('Macintosh', 'mac'),
        ('Linux', 'linux'),
    )
    return next((kind for word, kind in known if word in user_agent), 'other')


_KEY = 'parley.visitor'
