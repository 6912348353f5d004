"""Whose conversations somebody may see."""

from collections.abc import Mapping
from typing import Any

from components.sharing.visitor import Guest, visitor

HOST = 'host'


def owner_of(scope: Mapping[str, Any]) -> str:
    """Return the owner of the conversations that the visitor behind an ASGI scope may see."""
    who = visitor(scope)
    return f'guest:{who.id}' if isinstance(who, Guest) else HOST
