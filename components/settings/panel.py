"""The settings panel: a persona card and the control of each setting, in one open section and four folded ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from nicegui import ui
from nicegui.events import ValueChangeEventArguments

from components.providers.provider import Introduction
from components.settings.personas.choice import PersonaChoice
from components.settings.personas.personas import Personas
from components.settings.personas.sheets import ReachableAt
from components.widgets.folded import Folded
from components.words.page import words

from .catalogue import ProviderKind
from .form import Form, label_of
from .key.entry import KeyEntry
from .key.keys import ProviderKeys
from .setting import Section
from .settings import Settings, TurnDetection
from .voice_choice import voice_choice

TYPING_PAUSE_MS = 600
"""How long the keyboard must be idle before edited instructions apply; leaving the text box applies them at once."""

FOLDED: tuple[Section, ...] = ('service', 'answers', 'turn_taking', 'more')


class SettingsPanel(ui.element):
    """Shows the settings and reports every change as a whole new `Settings` object."""

    def __init__(
        self,
        settings: Settings,
        providers: Sequence[Introduction],
        personas: Personas,
        on_change: Callable[[Settings], None],
        *,
        on_news: Callable[[], object] = lambda: None,
        keys: ProviderKeys | None = None,
        reachable_at: ReachableAt = lambda: '',
    ) -> None:
        """Lay out the panel.

        :param settings: the settings to show first; their provider must be available
        :param providers: those to choose from; one that is not available becomes a note that says what it needs
        :param personas: those to choose from; the user may add to them
        :param on_change: called after the user has changed something, not for every key typed
        :param on_news: called when the panel shows a message, perhaps while it is hidden: a link was opened
        :param keys: takes the keys of providers; None on a page where none may be entered
        :param reachable_at: where links to personas lead to
        """
        super().__init__('section')
        self.classes('settings').props['aria-label'] = words('panel.label')
        self._form = Form(settings, on_change)
        self._form.shows(self._remember_hands_free)
        self._personas = personas
        self._providers = {provider.kind: provider for provider in providers}
        self._keys = keys
        self._on_news = on_news
        self._reachable_at = reachable_at
        self._live = False
        self._hands_free: TurnDetection = 'server_vad'
        with self:
            self._add_controls('main')
            for section in FOLDED:
                is_open = section == 'service' and self._lacks_key()
                folded = Folded(words(f'panel.titles.{section}'), partial(self._add_controls, section), is_open=is_open)
                folded.props(f'data-testid=section-{section.replace("_", "-")}')

    @property
    def settings(self) -> Settings:
        """The settings as they are now."""
        return self._form.settings

    @property
    def live(self) -> bool:
        """Whether a call is running; then the panel clearly shows when a change applies."""
        return self._live

    @live.setter
    def live(self, live: bool) -> None:
        self._live = live
        self.classes(add='settings--live') if live else self.classes(remove='settings--live')

    def show(self, settings: Settings) -> None:
        """Set the controls to these settings. This is not a change by the user, so it is not reported."""
        self._form.show(settings)

    def describe(self, providers: Sequence[Introduction]) -> None:
        """Show other hints for the same providers, and other ones to choose from: one may have got its key."""
        self._providers = {provider.kind: provider for provider in providers}
        self._form.show(self.settings)

    def take_turns_by_hand(self, by_hand: bool) -> None:
        """Choose push to talk, or what was chosen before it, as if the user had done so here."""
        if by_hand != self.settings.push_to_talk:
            self._form.change(turn_detection='push_to_talk' if by_hand else self._hands_free)

    def _add_controls(self, section: Section) -> None:
        special: Mapping[str, Callable[[], object]] = {
            'persona': self._add_persona_choice,
            'voice': lambda: voice_choice(self._form),
            'instructions': self._add_instructions_box,
            'provider': self._add_provider_choice,
        }
        for name, row in self.settings.table().items():
            if row.section == section:
                special[name]() if name in special else self._form.control(name)

    def _remember_hands_free(self, settings: Settings) -> None:
        if not settings.push_to_talk:
            self._hands_free = settings.turn_detection

    def _add_persona_choice(self) -> None:
        self._persona_choice = PersonaChoice(self._form, self._personas, self._on_news, self._reachable_at)

    def _add_provider_choice(self) -> None:
        self._form.choice('provider', lambda _: self._choices, on_choice=self._choose_provider)
        with ui.element('div').classes('settings__provider'):
            self._hint = ui.label().classes('settings__hint').props('data-testid=provider-hint')
            for kind, provider in self._providers.items():
                self._add_provider_note(kind)
                if self._keys and provider.key_variable:
                    self._add_key_entry(self._keys, kind)
        self._form.shows(lambda settings: self._hint.set_text(self._providers[settings.provider].hint))

    @property
    def _choices(self) -> dict[ProviderKind, str]:
        return {provider.kind: provider.label for provider in self._providers.values() if provider.available}

    def _lacks_key(self) -> bool:
        """Tell whether a key can be entered for a provider that has none, so that its field should be seen."""
        return self._keys is not None and any(
            provider.key_variable and not provider.available for provider in self._providers.values()
        )

    def _add_provider_note(self, kind: ProviderKind) -> None:
        note = ui.label().classes('settings__note')

        def show(_: Settings) -> None:
            note.set_text(self._providers[kind].hint)
            note.set_visibility(not self._providers[kind].available)

        self._form.shows(show)

    def _add_key_entry(self, keys: ProviderKeys, kind: ProviderKind) -> None:
        entry = KeyEntry(keys, self._providers[kind], self._choose_provider)

        def show(settings: Settings) -> None:
            provider = self._providers[kind]
            entry.describe(provider)
            entry.set_visibility(settings.provider == kind or not provider.available)

        self._form.shows(show)

    def _choose_provider(self, kind: ProviderKind) -> None:
        self._form.change(provider=kind, language=self.settings.persona.language)

    def _add_instructions_box(self) -> None:
        with self._form.group('instructions'):
            box = (
                ui.textarea(
                    label_of('instructions'),
                    value=_instructions(self.settings),
                    placeholder=words('panel.own_instructions'),
                    on_change=self._edit_instructions,
                )
                .props(f'outlined debounce={TYPING_PAUSE_MS} rows=6 data-testid=settings-instructions')
                .classes('settings__instructions')
            )
            reset = ui.button(words('panel.reset_instructions')).props('flat dense no-caps')
            keep = ui.button(words('persona.keep_instructions'), on_click=self._persona_choice.customize)
            keep.props('flat dense no-caps')

        def reset_instructions() -> None:
            self._form.change(instructions='')
            box.run_method('focus')  # the button that had the focus is hidden now

        def show(settings: Settings) -> None:
            if _edited(box.value, settings) != settings.instructions:  # else the user may be typing: do not disturb
                box.value = _instructions(settings)
            for button in (reset, keep):
                button.set_visibility(bool(settings.instructions))

        reset.on_click(reset_instructions)
        self._form.shows(show)

    def _edit_instructions(self, event: ValueChangeEventArguments[Any]) -> None:
        self._form.change(instructions=_edited(event.value, self.settings))


def _instructions(settings: Settings) -> str:
    return settings.instructions or settings.persona.instructions


def _edited(text: str | None, settings: Settings) -> str:
    """Return the setting for a text in the box: '' for the persona's own instructions."""
    text = (text or '').strip()
    return '' if text == settings.persona.instructions else text
