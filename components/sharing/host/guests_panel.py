"""The list of guests, on the host's page."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from nicegui import ui

from components.sharing.visitor import Guest
from components.widgets.icon_button import IconButton
from components.widgets.ticks import Ticks
from components.words.page import words

if TYPE_CHECKING:
    from components.sharing.share import Share


class GuestsPanel(ui.element, default_classes='guests'):
    """Shows the guests who are in, which of them are talking, and how much time is used.

    The host can hang up and remove guests. Changes show at once; durations and absences show once a second while the
    panel is `active`.

    Args:
        share: The host's share.
    """

    def __init__(self, share: Share) -> None:
        super().__init__('section')
        self._share = share
        self._rows: dict[str, _Row] = {}
        self.props['aria-label'] = words('guests.title')
        with self:
            ui.label(words('guests.title')).classes('guests__title').props('role=heading aria-level=3')
            self._summary = ui.label().props('role=status data-testid=guests-summary')
            self._list = ui.element('ul').classes('guests__list')
            self._used = ui.label().classes('share__note').props('data-testid=guests-used')
            self._ticks = Ticks(1, self.refresh)
        self.refresh()
        for unsubscribe in (share.guests.subscribe(self.refresh), share.calls.subscribe(self.refresh)):
            self.client.on_delete(unsubscribe)

    @property
    def active(self) -> bool:
        """Whether the panel is visible and updates every second."""
        return self._ticks.active

    @active.setter
    def active(self, active: bool) -> None:
        self._ticks.active = active
        if active:
            self.refresh()

    def refresh(self) -> None:
        """Show the current state."""
        with self:
            guests = {guest.id: guest for guest in self._share.guests.all}
            for gone in self._rows.keys() - guests.keys():
                self._rows.pop(gone).delete()
            for guest in guests.values():
                self._show(guest)
            talking = sum(self._share.calls.talking(guest_id) is not None for guest_id in guests)
            count = {0: 'none', 1: 'one'}.get(len(guests), 'more')
            self._summary.text = words(f'guests.count.{count}', guests=len(guests), talking=talking)
            limits = self._share.calls.ledger.limits
            used, day = _amount(self._share.calls.used()), _amount(limits.day * 60)
            self._used.text = words('guests.used', used=used, day=day)

    def _show(self, guest: Guest) -> None:
        calls = self._share.calls
        if (row := self._rows.get(guest.id)) is None or row.guest_name != guest.name:
            if row:
                row.delete()
            with self._list:
                row = self._rows[guest.id] = _Row(
                    guest,
                    hang_up=lambda: calls.hang_up(guest.id),
                    remove=lambda: self._share.guests.remove(guest.id),
                    keep_out=lambda: self._share.guests.keep_out(guest.id, time.time()),
                )
        row.show(calls.talking(guest.id), self._share.is_here(guest.id), calls.used(guest.id))


class _Row(ui.element, default_classes='guest'):
    def __init__(
        self, guest: Guest, *, hang_up: Callable[[], None], remove: Callable[[], None], keep_out: Callable[[], None]
    ) -> None:
        super().__init__('li')
        self.props('data-testid=guest')
        self.guest_name = guest.name
        since = datetime.fromtimestamp(guest.since)
        with self:
            with ui.element('div').classes('guest__who'):
                ui.label(guest.name).classes('guest__name').props('dir=auto data-testid=guest-name')
                about = words('guests.about', device=words(f'guests.devices.{guest.device}'), since=f'{since:%H:%M}')
                ui.label(about).classes('guest__about')
                self._doing = ui.label().classes('guest__about').props('data-testid=guest-doing')
            self._hang_up = IconButton('call_end', f'{words("guests.hang_up")}: {guest.name}', hang_up)
            IconButton('person_remove', f'{words("guests.remove")}: {guest.name}', remove)
            IconButton('block', f'{words("guests.keep_out")}: {guest.name}', keep_out)

    def show(self, talking: float | None, here: bool, used: float) -> None:
        if talking is not None:
            doing = words('guests.talking', duration=duration_text(talking))
        else:
            doing = words('guests.here' if here else 'guests.away')
        self._doing.text = words('guests.doing', doing=doing, used=_amount(used))
        self.props['data-talking'] = str(talking is not None).lower()
        self._hang_up.set_enabled(talking is not None)


def _amount(seconds: float) -> str:
    """Write an amount of time as people say it: in seconds below a minute, else in hours and minutes."""
    hours, minutes = divmod(int(seconds) // 60, 60)
    if hours and minutes:
        return words('guests.duration.hours_minutes', hours=hours, minutes=minutes)
    if hours:
        return words('guests.duration.hours', hours=hours)
    if minutes:
        return words('guests.duration.minutes', minutes=minutes)
    return words('guests.duration.seconds', seconds=int(seconds))


def duration_text(seconds: float) -> str:
    """Format a duration as `mm:ss`, or as `h:mm:ss` from an hour on, rounded down to a second."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f'{hours}:{minutes:02}:{rest:02}' if hours else f'{minutes:02}:{rest:02}'
