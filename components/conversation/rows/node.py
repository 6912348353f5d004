"""An element of a formatted text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Node:
    """An element of a formatted text. Children are elements or plain text."""

    tag: str
    children: tuple[Node | str, ...] = ()
    href: str = ''
    """Where a link leads: an address of the web, or of mail."""
    align: str = ''
    """How a cell of a table is aligned: `left`, `center` or `right`."""
    start: int = 1
    """The number of an ordered list's first item."""
    attributes: Mapping[str, str] = field(default_factory=dict)
    """The attributes of an element of a formula."""
