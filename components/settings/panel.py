"""The settings as the user sees them: a persona card and the controls, the first ones open, the others folded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol

from nicegui import ui
from nicegui.events import ValueChangeEventArguments

from components.settings.personas.choice import PersonaChoice
from components.settings.personas.personas import Personas
from components.words.page import words

from .catalogue import CATALOGUES, Catalogue, Language, Model, ProviderKind
from .form import Form, label_of, options_of
from .settings import SPEEDS, Settings, TurnDetection
from .turn_taking import turn_taking
from .voice_choice import voice_choice

TYPING_PAUSE_MS = 600
"""How long the keyboard must rest before edited instructions count; leaving the text box ends the wait at once."""

REASONING = ('minimal', 'low', 'medium', 'high', 'xhigh')
OUTPUTS = ('voice', 'text')
ANSWER_LENGTHS = ('short', 'medium', 'long', 'unlimited')
NOISE_REDUCTIONS = ('off', 'near_field', 'far_field')
TRANSPORTS = ('auto', 'webrtc', 'relay')


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
        self,
        settings: Settings,
        providers: Sequence[ProviderChoice],
        personas: Personas,
        on_change: Callable[[Settings], None],
        *,
        on_news: Callable[[], object] = lambda: None,
    ) -> None:
        """Settings Panel

        Shows the settings and reports every change as a whole new ``Settings`` object.

        :param settings: what to begin with; its provider must be available
        :param providers: who may answer; those not available appear as a note that says what they need
        :param personas: whom one can talk with; the user may add to them
        :param on_news: called when the panel has something to say, perhaps though it is hidden: a link was opened
        :param on_change: called after the user changed something, not for every key typed
        """
        super().__init__('section')
        self.classes('settings').props['aria-label'] = words('panel.label')
        self._form = form = Form(settings, on_change)
        self._live = False
        self._hands_free: TurnDetection = 'server_vad'
        with self:
            form.shows(self._remember_hands_free)
            self._persona_choice = PersonaChoice(form, personas, on_news)
            voice_choice(form)
            form.choice('model', lambda settings: _labels(_offer(settings).models))
            form.choice('reasoning', lambda _: options_of('reasoning', REASONING), only_if=_reasons)
            form.choice('language', lambda settings: _labels(_offer(settings).languages))
            with _folded(words('panel.titles.answers')):
                self._instructions_box()
                form.switch('greets')
                form.choice('output', lambda _: options_of('output', OUTPUTS))
                form.slider('speed', SPEEDS, 0.05, lambda speed: f'{speed:.2f} ×', only_if=_speaks)
                form.choice('answer_length', lambda _: options_of('answer_length', ANSWER_LENGTHS))
            with _folded(words('panel.titles.turn_taking')):
                turn_taking(form)
            with _folded(words('panel.titles.more')):
                self._provider_select(providers)
                form.switch('transcription')
                form.choice('transcription_model', lambda settings: _labels(_offer(settings).transcription_models))
                form.choice('noise_reduction', lambda _: options_of('noise_reduction', NOISE_REDUCTIONS))
                form.choice('transport', lambda _: options_of('transport', TRANSPORTS))

    @property
    def settings(self) -> Settings:
        """The settings as they are now."""
        return self._form.settings

    @property
    def live(self) -> bool:
        """Whether a call is running; then the panel shows clearly when a change applies."""
        return self._live

    @live.setter
    def live(self, live: bool) -> None:
        self._live = live
        self.classes(add='settings--live') if live else self.classes(remove='settings--live')

    def show(self, settings: Settings) -> None:
        """Put the controls to these settings; this is not a change by the user, so it is not reported."""
        self._form.show(settings)

    def take_turns_by_hand(self, by_hand: bool) -> None:
        """Choose push to talk, or what was chosen before it, as if the user had done so here."""
        if by_hand != self.settings.push_to_talk:
            self._form.change(turn_detection='push_to_talk' if by_hand else self._hands_free)

    def _remember_hands_free(self, settings: Settings) -> None:
        if not settings.push_to_talk:
            self._hands_free = settings.turn_detection

    def _choose_provider(self, kind: ProviderKind) -> None:
        self._form.change(provider=kind, language=self.settings.persona.language)

    def _edit_instructions(self, event: ValueChangeEventArguments[Any]) -> None:
        self._form.change(instructions=_edited(event.value, self.settings))

    def _provider_select(self, providers: Iterable[ProviderChoice]) -> None:
        choices: dict[str, str] = {provider.kind: provider.label for provider in providers if provider.available}
        hints = {provider.kind: provider.hint for provider in providers}
        self._form.choice('provider', lambda _: choices, on_choice=self._choose_provider)
        hint = ui.label().classes('settings__hint')
        self._form.shows(lambda settings: hint.set_text(hints[settings.provider]))
        for provider in providers:
            if not provider.available:
                ui.label(provider.hint).classes('settings__note')

    def _instructions_box(self) -> None:
        with self._form.setting('instructions', only_if=_brought_along):
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
            keep = ui.button(words('persona.keep_instructions'), on_click=self._persona_choice.keep_as_own)
            keep.props('flat dense no-caps')

        def reset_instructions() -> None:
            self._form.change(instructions='')
            box.run_method('focus')  # the button that had the focus is gone now

        def show(settings: Settings) -> None:
            if _edited(box.value, settings) != settings.instructions:  # else it is being typed, and not to be disturbed
                box.value = _instructions(settings)
            for button in (reset, keep):
                button.set_visibility(bool(settings.instructions))

        reset.on_click(reset_instructions)
        self._form.shows(show)


def _folded(title: str) -> ui.expansion:
    return ui.expansion(title).classes('settings__more')


def _offer(settings: Settings) -> Catalogue:
    return CATALOGUES[settings.provider]


def _instructions(settings: Settings) -> str:
    return settings.instructions or settings.persona.instructions


def _edited(text: str | None, settings: Settings) -> str:
    """What a text in the box of the instructions means for the setting."""
    text = (text or '').strip()
    return '' if text == settings.persona.instructions else text


def _brought_along(settings: Settings) -> bool:
    return not settings.persona.own  # one's own is edited as a whole


def _reasons(settings: Settings) -> bool:
    return _offer(settings).models[settings.model].reasoning


def _speaks(settings: Settings) -> bool:
    return settings.output == 'voice'


def _labels(offered: Mapping[str, Model] | Mapping[str, Language]) -> dict[str, str]:
    return {key: item.label(words) for key, item in offered.items()}
