"""The settings as the user sees them: a persona card and a handful of dropdowns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Protocol

from nicegui import ui
from nicegui.events import ValueChangeEventArguments

from .catalogue import CATALOGUES, Catalogue, Language, Model, ProviderKind, Voice
from .personas import PERSONAS, Persona
from .settings import WHEN_APPLIED, Settings

TYPING_PAUSE_MS = 600
"""How long the keyboard must rest before edited instructions count; leaving the text box ends the wait at once."""

TURN_DETECTIONS = {'server_vad': 'A pause ends my turn', 'semantic_vad': 'A finished sentence ends my turn'}
NOISE_REDUCTIONS = {'off': 'Off', 'near_field': 'Headset or phone', 'far_field': 'Laptop or room microphone'}


class ProviderChoice(Protocol):
    """What the panel must know of a provider."""

    @property
    def kind(self) -> ProviderKind: ...
    @property
    def label(self) -> str: ...
    @property
    def hint(self) -> str: ...
    @property
    def available(self) -> bool: ...


class SettingsPanel(ui.element):
    def __init__(
        self, settings: Settings, providers: Sequence[ProviderChoice], on_change: Callable[[Settings], None]
    ) -> None:
        """Settings Panel

        Shows the settings and reports every change as a whole new ``Settings`` object.

        :param settings: what to begin with; its provider must be available
        :param providers: who may answer; those not available appear as a note that says what they need
        :param on_change: called after the user changed something, not for every key typed
        """
        super().__init__('section')
        self.classes('settings').props('aria-label=Settings')
        self._settings = settings
        self._on_change = on_change
        self._live = False
        with self:
            self._card = PersonaCard(self._persona)
            self._select('persona', 'Persona', _names(PERSONAS), self._choose_persona)
            offer = self._offer
            self._voice = self._select('voice', 'Voice', _labels(offer.voices))
            self._model = self._select('model', 'Model', _labels(offer.models))
            self._language = self._select('language', 'Language', _labels(offer.languages))
            self._provider_select(providers)
            self._instructions_box()
            with ui.expansion('More').classes('settings__more'):
                with self._setting('transcription'):
                    ui.switch(
                        'Write down what I say', value=settings.transcription, on_change=self._report('transcription')
                    ).props('data-testid=settings-transcription')
                self._transcription_model = self._select(
                    'transcription_model', 'Written down by', _labels(offer.transcription_models)
                )
                self._select('turn_detection', 'Turn taking', TURN_DETECTIONS)
                self._select('noise_reduction', 'Noise reduction', NOISE_REDUCTIONS)

    @property
    def settings(self) -> Settings:
        """The settings as they are now."""
        return self._settings

    @property
    def live(self) -> bool:
        """Whether a call is running; then the panel shows clearly when a change applies."""
        return self._live

    @live.setter
    def live(self, live: bool) -> None:
        self._live = live
        self.classes(add='settings--live') if live else self.classes(remove='settings--live')

    @property
    def _persona(self) -> Persona:
        return PERSONAS[self._settings.persona]

    @property
    def _offer(self) -> Catalogue:
        return CATALOGUES[self._settings.provider]

    def _change(self, **fields: Any) -> None:
        changed = replace(self._settings, **fields).fitted()
        if changed == self._settings:
            return  # a control that was set from here reports back what is already known
        self._settings = changed
        self._show()
        self._on_change(changed)

    def _report(self, field: str) -> Callable[[ValueChangeEventArguments[Any]], None]:
        return lambda event: self._change(**{field: event.value})

    def _choose_persona(self, event: ValueChangeEventArguments[Any]) -> None:
        if event.value == self._settings.persona:
            return
        persona = PERSONAS[event.value]
        self._change(persona=persona.id, voice=persona.voice, language=persona.language, instructions='')
        self._instructions.value = persona.instructions

    def _choose_provider(self, event: ValueChangeEventArguments[Any]) -> None:
        if event.value != self._settings.provider:
            self._change(provider=event.value, language=self._persona.language)

    def _edit_instructions(self, event: ValueChangeEventArguments[Any]) -> None:
        text = (event.value or '').strip()
        self._change(instructions='' if text == self._persona.instructions else text)

    def _reset_instructions(self) -> None:
        self._instructions.value = self._persona.instructions
        self._instructions.run_method('focus')  # the button that had the focus is gone now

    def _show(self) -> None:
        self._card.show(self._persona)
        self._hint.text = self._hints[self._settings.provider]
        self._voice.set_options(_labels(self._offer.voices), value=self._settings.voice)
        self._model.set_options(_labels(self._offer.models), value=self._settings.model)
        self._language.set_options(_labels(self._offer.languages), value=self._settings.language)
        self._transcription_model.set_options(
            _labels(self._offer.transcription_models), value=self._settings.transcription_model
        )
        self._reset.set_visibility(bool(self._settings.instructions))

    def _select(
        self,
        field: str,
        label: str,
        options: Mapping[str, str],
        on_change: Callable[[ValueChangeEventArguments[Any]], None] | None = None,
    ) -> ui.select:
        with self._setting(field):
            return ui.select(
                dict(options),
                label=label,
                value=getattr(self._settings, field),
                on_change=on_change or self._report(field),
            ).props(f'outlined dense popup-content-class=settings-menu data-testid=settings-{field.replace("_", "-")}')

    def _provider_select(self, providers: Iterable[ProviderChoice]) -> None:
        choices: dict[str, str] = {provider.kind: provider.label for provider in providers if provider.available}
        self._select('provider', 'Provider', choices, self._choose_provider)
        self._hints = {provider.kind: provider.hint for provider in providers}
        self._hint = ui.label(self._hints[self._settings.provider]).classes('settings__hint')
        for provider in providers:
            if not provider.available:
                ui.label(provider.hint).classes('settings__note')

    def _instructions_box(self) -> None:
        with self._setting('instructions'):
            self._instructions = (
                ui.textarea(
                    'Instructions',
                    value=self._settings.instructions or self._persona.instructions,
                    placeholder="Empty: the persona's own",
                    on_change=self._edit_instructions,
                )
                .props(f'outlined debounce={TYPING_PAUSE_MS} rows=6 data-testid=settings-instructions')
                .classes('settings__instructions')
            )
            self._reset = ui.button("Reset to the persona's own", on_click=self._reset_instructions)
            self._reset.props('flat dense no-caps').set_visibility(bool(self._settings.instructions))

    @contextmanager
    def _setting(self, field: str) -> Iterator[None]:
        when = WHEN_APPLIED[field]
        with ui.element('div').classes('setting') as group:
            yield
            tag = ui.label(when).classes('setting__when')
            tag.props(f'title="During a call, a change applies: {when}"')
        group.props(f'role=group aria-describedby={tag.html_id}')


class PersonaCard(ui.element):
    def __init__(self, persona: Persona) -> None:
        """Persona Card

        A portrait with a name and a few words.
        """
        super().__init__('div')
        self.classes('persona')
        with self:
            self._picture = ui.element('img').classes('persona__picture').props('alt=""')
            with ui.element('div'):
                self._name = ui.label().classes('persona__name')
                self._tagline = ui.label().classes('persona__tagline')
        self.show(persona)

    def show(self, persona: Persona) -> None:
        """Show this persona."""
        self._picture.props(f'src="{persona.picture}"')
        self._name.text = persona.name
        self._tagline.text = persona.tagline


def _labels(offered: Mapping[str, Model] | Mapping[str, Voice] | Mapping[str, Language]) -> dict[str, str]:
    return {key: item.label for key, item in offered.items()}


def _names(personas: Mapping[str, Persona]) -> dict[str, str]:
    return {key: persona.name for key, persona in personas.items()}
