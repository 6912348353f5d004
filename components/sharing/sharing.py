"""Switches sharing on and off while Parley runs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from nicegui import Event
from starlette.types import ASGIApp

from .door.gate import host_name, is_loopback

if TYPE_CHECKING:
    from .share import Share


class Sharing:
    """Holds the share of this program, of which there is at most one.

    Args:
        app: The app that guests use.
        services: The origins that their browsers may call; see `SecurityHeaders`.
        make: Prepares the share when it is first wanted. Raises SharingError.
        share: One that was prepared at the start.

    Attributes:
        share: The share; None until it is first wanted. It may be stopped.
        changed: Is emitted when sharing begins or ends.
    """

    def __init__(
        self, app: ASGIApp, services: Sequence[str], make: Callable[[], Share], share: Share | None = None
    ) -> None:
        self.share = share
        self.changed = Event[[]]()
        self._app, self._services, self._make = app, services, make
        self._changing = asyncio.Lock()

    @property
    def is_on(self) -> bool:
        """Whether guests can come in."""
        return self.share is not None and self.share.is_on

    def reachable_at(self, scope: Mapping[str, Any]) -> str | None:
        """Return where others open Parley: empty for the address of the page of this scope, None if nobody can."""
        if not is_loopback(host_name(scope) or ''):
            return ''
        urls = self.share.urls if self.share and self.share.is_on else []
        return urls[0] if urls else None

    async def start(self) -> Share:
        """Let guests in. Raises SharingError if that is impossible."""
        async with self._changing:
            share = self.share
            if share is None:
                share = await asyncio.to_thread(self._make)  # it makes keys
            if not share.is_on:
                await share.start(self._app, self._services)
            self.share = share
        self.changed.emit()
        return share

    async def stop(self, goodbye: float = 0.0) -> None:
        """End all visits, see `Share.stop`."""
        async with self._changing:
            if self.share:
                await self.share.stop(goodbye)
        self.changed.emit()
