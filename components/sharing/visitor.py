"""Who a request, a WebSocket or a page belongs to: the host, or a guest."""

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from starlette.requests import HTTPConnection

from components.desk.one_time_tickets import browser_of_cookie

Device: TypeAlias = Literal['iphone', 'ipad', 'android', 'windows', 'mac', 'chromebook', 'linux', 'other']


@dataclass(frozen=True)
class Host:
    """The person whose machine and key it is: whoever comes over the loopback listener."""


@dataclass(frozen=True)
class Guest:
    """Somebody who came in by the door, and the same as long as the `id` is, which opens nothing."""

    id: str
    name: str = field(compare=False)  # as chosen, and unlike that of any other guest
    device: Device = field(compare=False)
    address: str = field(compare=False)
    since: float = field(compare=False)  # unix seconds


Visitor: TypeAlias = Host | Guest

HOST = Host()


def visitor(scope: Mapping[str, Any]) -> Visitor:
    """Tell who it is, from an ASGI scope; in a page: `visitor(ui.context.client.request.scope)`.

    The door lets nobody pass from the network without naming the guest, so what has no name is the host's.
    """
    found: Visitor = scope.get(_KEY, HOST)
    return found


def browser_of(connection: HTTPConnection) -> object:
    """Identify whose tickets a connection may use: a guest's own, or those of one of the host's browsers."""
    who = visitor(connection.scope)
    return who.id if isinstance(who, Guest) else browser_of_cookie(connection)


def name_visitor(scope: MutableMapping[str, Any], guest: Guest) -> None:
    scope[_KEY] = guest


def is_named(scope: Mapping[str, Any]) -> bool:
    """Tell whether the door has seen this scope."""
    return _KEY in scope


def device(user_agent: str) -> Device:
    """Guess the device from what a browser says of itself. An iPad says that it is a Mac unless asked otherwise."""
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
