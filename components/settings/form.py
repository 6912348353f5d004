"""The settings while they are edited, and the controls that edit them: each shows one setting and reports a change."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, get_args

from nicegui import ui
from nicegui.events import ValueChangeEventArguments

from components.widgets.dropdown import Dropdown
from components.widgets.help_button import HelpButton
from components.words.page import words

from .setting import Setting
from .settings import Settings
from .slider import Slider

Options = Callable[[Settings], Mapping[Any, str]]
"""Returns the values of a dropdown and what each is called."""


class Form:
    """Holds the settings of a panel. All controls show a change, wherever it comes from."""

    def __init__(self, settings: Settings, on_change: Callable[[Settings], None]) -> None:
        self.settings = settings
        self._on_change = on_change
        self._shows: list[Callable[[Settings], object]] = []

    def change(self, **values: Any) -> None:
        """Change some settings as the user wishes, and report it."""
        changed = replace(self.settings, **values).fitted()
        if changed == self.settings:
            return  # a control that was set from here reports the value it was set to
        self.show(changed)
        self._on_change(changed)

    def show(self, settings: Settings) -> None:
        """Show other settings without reporting a change."""
        self.settings = settings
        for show in self._shows:
            show(settings)

    def shows(self, show: Callable[[Settings], object]) -> None:
        """Call a function now and whenever the settings change."""
        self._shows.append(show)
        show(self.settings)

    def control(self, name: str) -> None:
        """Add the control that fits the type of a setting: a dropdown, a slider or a switch."""
        row = self._row(name)
        if row.offered or row.choices or get_args(row.kind):
            self.choice(name, lambda settings: _options(row, settings))
        elif row.bounds:
            self._slider(row, row.bounds)
        else:
            self._switch(row)

    def choice(self, name: str, options: Options, *, on_choice: Callable[[Any], None] | None = None) -> Dropdown:
        """Add a dropdown.

        :param on_choice: called with a new choice instead of changing the setting
        """
        choose = on_choice or (lambda value: self.change(**{name: value}))

        def chosen(event: ValueChangeEventArguments[Any]) -> None:
            if event.value != getattr(self.settings, name):
                choose(event.value)

        with self.group(name):
            select = Dropdown(
                options(self.settings),
                label=label_of(name),
                value=getattr(self.settings, name),
                on_change=chosen,
            ).props(f'dense data-testid={_test_id(name)}')
        self.shows(lambda settings: select.set_options(dict(options(settings)), value=getattr(settings, name)))
        return select

    @contextmanager
    def group(self, name: str) -> Iterator[None]:
        """Put a control together with its help and the moment when a change applies; hide it where it has no use."""
        row = self._row(name)
        when = words(f'panel.when.{row.applies}')
        with ui.element('div').classes('setting') as group:
            yield
            badge = ui.label(when).classes('setting__when')
            badge.props['title'] = words('panel.when_hint', when=when)
            help_button = HelpButton(words('panel.help', name=label_of(name)), words(f'settings.{name}.help'))
        group.props(f'role=group aria-describedby="{help_button.text_id} {badge.html_id}"')

        def show(settings: Settings) -> None:
            group.set_visibility(row.is_shown(settings))
            is_choice = not row.offered or len(row.offered(settings.catalogue)) > 1
            help_button.set_visibility(is_choice)  # an only model needs no advice

        self.shows(show)

    def _switch(self, row: Setting) -> None:
        with self.group(row.name):
            switch = ui.switch(
                label_of(row.name),
                value=getattr(self.settings, row.name),
                on_change=lambda event: self.change(**{row.name: event.value}),
            ).props(f'data-testid={_test_id(row.name)}')
        self.shows(lambda settings: switch.set_value(getattr(settings, row.name)))

    def _slider(self, row: Setting, limits: tuple[float, float]) -> None:
        with self.group(row.name):
            slider = Slider(
                label_of(row.name),
                limits=limits,
                step=row.step,
                value=getattr(self.settings, row.name),
                meaning=lambda value: row.label(value, words),
                on_change=lambda value: self.change(**{row.name: round(value) if row.kind is int else round(value, 2)}),
                test_id=_test_id(row.name),
            )
        self.shows(lambda settings: slider.set_value(getattr(settings, row.name)))

    def _row(self, name: str) -> Setting:
        return self.settings.table()[name]


def label_of(name: str) -> str:
    """Return what the control of a setting is called."""
    return words(f'settings.{name}.label')


def _options(row: Setting, settings: Settings) -> dict[Any, str]:
    if row.offered:
        return {value: item.label(words) for value, item in row.offered(settings.catalogue).items()}
    values = get_args(row.kind) or sorted({*row.choices, getattr(settings, row.name)})  # another one may be stored
    return {value: row.label(value, words) for value in values}


def _test_id(name: str) -> str:
    return f'settings-{name.replace("_", "-")}'
