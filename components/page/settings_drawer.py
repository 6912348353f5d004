"""The drawer of the settings: of calls, of the mind that answers, and of the page."""

from collections.abc import Callable
from functools import partial

from nicegui import Client, app, ui

from components.conversation import effects
from components.conversation.captions import Captions
from components.conversation.director import Director
from components.providers.provider import Introduction
from components.settings.kept_settings import KeptSettings
from components.settings.key.entry import may_enter_keys
from components.settings.mind.offer import MindOffer, MindRow, mind_sheet
from components.settings.new_call_offer import NewCallOffer
from components.settings.panel import SettingsPanel
from components.settings.personas.importer import PERSONA_SHARED
from components.settings.settings import Settings
from components.starting.services import Services
from components.widgets.drawer import Drawer
from components.widgets.folded import Folded
from components.widgets.notification import tell
from components.words.language_choice import LanguageChoice
from components.words.page import words

from .afterwards import afterwards
from .look_choice import LookChoice


class SettingsDrawer(Drawer):
    """Shows the settings, keeps those that the user changes, and puts back those that the service refuses.

    They take longer to build than the rest of the page, so they come after its HTML.

    Args:
        kept: The settings of the browser.
        services: The services of the program.
        director: Conducts the call that the settings are for.
        on_settings: Called after the settings have changed.
        page_switches: Adds more to the folded section of what concerns the page and not its calls, when it is built.
        is_guest: Whether the page belongs to a guest, who enters no keys.
    """

    def __init__(
        self,
        kept: KeptSettings,
        services: Services,
        director: Director,
        on_settings: Callable[[], None],
        page_switches: Callable[[], object],
        *,
        is_guest: bool,
    ) -> None:
        super().__init__('left', words('page.settings'), width=320, opens_itself=True, needed_at=(PERSONA_SHARED,))
        self._kept, self._director, self._on_settings, self._is_guest = kept, director, on_settings, is_guest
        self._providers, self._keys, self._mind = services.providers, services.keys, services.mind
        self._add_page_switches = page_switches
        self._sheet = mind_sheet(self._mind)
        self._mind_notes: list[MindOffer | MindRow] = []
        self._languages: LanguageChoice | None = None
        afterwards(partial(self._fill, services))

    def _fill(self, services: Services) -> None:
        scope = self.client.request.scope
        enters_keys = not self._is_guest and may_enter_keys(scope)
        with self:
            self._offer = NewCallOffer(self._director.continue_in_new_call)
            self._panel = SettingsPanel(
                self._kept.settings,
                self._introductions(),
                self._kept.personas,
                self._director.change_settings,
                on_news=self.show,
                keys=self._keys if enters_keys else None,
                reachable_at=partial(services.sharing.reachable_at, scope),
            )
            if not self._is_guest and not enters_keys:
                ui.label(words('key.insecure')).classes('settings__note')
            if self._sheet:
                self._mind_notes.append(MindRow(self._mind, self._sheet, self.uses_engine))
            page_section = Folded(words('panel.titles.page'), self._add_page_controls)
            page_section.props('data-testid=section-page')
            with page_section.content:  # they follow the voice also while their switch is folded
                self._captions = Captions(words('captions.switch'))

    def follow(self, client: Client) -> None:
        """Follow the call, the mind, and the browser's other pages."""
        self._director.on(effects.CallStateChanged, self._show_state)
        self._director.on(effects.NewCallOffered, lambda effect: self._offer.show(effect.fields))
        self._director.on(effects.SettingsChanged, self._keep)
        self._director.on(effects.SettingsRefused, self._show_refusal)
        self._director.on(effects.PaceChanged, lambda effect: self._captions.follow(effect.pace))
        for changed in (self._mind.changed, self._keys.changed):
            changed.subscribe(lambda: self._panel.describe(self._introductions()))
        self._kept.follow(client, self._take_over, may_follow=lambda: not self._director.is_running)

    def _introductions(self) -> list[Introduction]:
        return self._providers.introductions(words, for_guest=self._is_guest)

    def uses_engine(self) -> bool:
        """Tell whether Parley's own engine answers."""
        return self._director.settings.provider == 'engine'

    def offer_mind(self) -> None:
        """Add the offer of a language model to what is being built."""
        self._mind_notes.append(MindOffer(self._mind, self._sheet, self.uses_engine))

    def take_turns_by_hand(self, by_hand: bool) -> None:
        """Choose push to talk, or turn it off."""
        self._panel.take_turns_by_hand(by_hand)

    def _add_page_controls(self) -> None:
        LookChoice()
        self._languages = LanguageChoice(app.storage.user.get('language'), _choose_language)
        self._languages.lock(self._director.is_running)
        self._captions.move(target_index=-1)
        self._add_page_switches()

    def _show_state(self, effect: effects.CallStateChanged) -> None:
        self._panel.live = effect.is_running
        if self._languages:
            self._languages.lock(effect.is_running)

    def _keep(self, effect: effects.SettingsChanged) -> None:
        self._follow_settings()
        self._kept.keep(effect.settings)

    def _take_over(self, settings: Settings) -> None:
        self._director.settings = settings
        self._panel.show(settings)
        self._follow_settings()

    def _follow_settings(self) -> None:
        self._on_settings()
        for note in self._mind_notes:
            note.follow()

    def _show_refusal(self, effect: effects.SettingsRefused) -> None:
        if effect.settings.persona.own:
            self._kept.personas.change(effect.settings.persona)  # the user may just have edited it
        self._panel.show(effect.settings)
        tell(_refusal(effect), code='message_too_long' if effect.too_long else 'change_refused')


def _refusal(effect: effects.SettingsRefused) -> str:
    if effect.too_long:
        return words('panel.refused_too_long')
    return words('panel.refused_because', reason=effect.reason) if effect.reason else words('panel.refused')


def _choose_language(language: str) -> None:
    app.storage.user['language'] = language
    ui.navigate.reload()
