"""The settings while they are edited, and the controls that edit them: each shows its field and reports a change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from nicegui import ui
from nicegui.events import ValueChangeEventArguments

from components.words.page import words

from .settings import WHEN_APPLIED, Settings
from .slider import Slider


class Form:
    """Holds the settings of a panel; whatever changes them, all controls show it."""

    def __init__(self, settings: Settings, on_change: Callable[[Settings], None]) -> None:
        self.settings = settings
        self._on_change = on_change
        self._shows: list[Callable[[Settings], object]] = []

    def change(self, **fields: Any) -> None:
        """Change some fields, as the user wishes, and report it."""
        changed = replace(self.settings, **fields).fitted()
        if changed == self.settings:
            return  # a control that was set from here reports back what is already known
        self.show(changed)
        self._on_change(changed)

    def show(self, settings: Settings) -> None:
        """Show other settings, without a report."""
        self.settings = settings
        for show in self._shows:
            show(settings)

    def shows(self, show: Callable[[Settings], object]) -> None:
        """Call this now and whenever the settings change."""
        self._shows.append(show)
        show(self.settings)

    def choice(
        self,
        field: str,
        options: Callable[[Settings], Mapping[Any, str]],
        *,
        on_choice: Callable[[Any], None] | None = None,
        only_if: Callable[[Settings], bool] | None = None,
    ) -> ui.select:
        """A dropdown.

        :param options: gives what may be chosen, with its words
        :param on_choice: called with a new choice instead of changing the field
        :param only_if: tells whether the control is of use; otherwise it is hidden
        """
        choose = on_choice or (lambda value: self.change(**{field: value}))

        def chosen(event: ValueChangeEventArguments[Any]) -> None:
            if event.value != getattr(self.settings, field):
                choose(event.value)

        with self.setting(field, only_if=only_if):
            select = ui.select(
                dict(options(self.settings)),
                label=label_of(field),
                value=getattr(self.settings, field),
                on_change=chosen,
            ).props(f'outlined dense popup-content-class=settings-menu {_test_id(field)}')
        self.shows(lambda settings: select.set_options(dict(options(settings)), value=getattr(settings, field)))
        return select

    def switch(self, field: str) -> ui.switch:
        """A switch."""
        with self.setting(field):
            switch = ui.switch(
                label_of(field),
                value=getattr(self.settings, field),
                on_change=lambda event: self.change(**{field: event.value}),
            ).props(_test_id(field))
        self.shows(lambda settings: switch.set_value(getattr(settings, field)))
        return switch

    def slider(
        self,
        field: str,
        limits: tuple[float, float],
        step: float,
        meaning: Callable[[float], str],
        *,
        only_if: Callable[[Settings], bool] | None = None,
    ) -> Slider:
        """A slider, which reports where it is let go.

        :param meaning: says what a value means
        """
        whole = isinstance(getattr(self.settings, field), int)
        with self.setting(field, only_if=only_if):
            slider = Slider(
                label_of(field),
                limits=limits,
                step=step,
                value=getattr(self.settings, field),
                meaning=meaning,
                on_change=lambda value: self.change(**{field: round(value) if whole else round(value, 2)}),
                test_id=f'settings-{_dashed(field)}',
            )
        self.shows(lambda settings: slider.set_value(getattr(settings, field)))
        return slider

    @contextmanager
    def setting(self, field: str, *, only_if: Callable[[Settings], bool] | None = None) -> Iterator[None]:
        """Around a control: what it is good for, and when a change applies."""
        with ui.element('div').classes('setting') as group:
            yield
            with ui.element('div').classes('setting__notes') as notes:
                ui.label(words(f'settings.{field}.help')).classes('setting__help')
                when = words(f'panel.when.{WHEN_APPLIED[field]}')
                ui.label(when).classes('setting__when').props['title'] = words('panel.when_hint', when=when)
        group.props(f'role=group aria-describedby={notes.html_id}')
        if only_if:
            self.shows(lambda settings: group.set_visibility(only_if(settings)))


def label_of(field: str) -> str:
    """What the control of a field is called."""
    return words(f'settings.{field}.label')


def options_of(field: str, values: Iterable[str]) -> dict[str, str]:
    """The words for what may be chosen for a field."""
    return {value: words(f'settings.{field}.options.{value}') for value in values}


def _test_id(field: str) -> str:
    return f'data-testid=settings-{_dashed(field)}'


def _dashed(field: str) -> str:
    return field.replace('_', '-')
