#!/usr/bin/env python3
"""Parley: talk with an AI. Run `python main.py`, press the button, speak."""

import components.starting.import_errors  # noqa: F401  isort: skip  (explains missing packages, so it comes first)

import gc
import os
from contextlib import suppress
from pathlib import Path

from nicegui import Client, app, helpers, ui

from components.call.call import VoiceCall
from components.conversation import director as effects
from components.conversation.captions import Captions
from components.conversation.chat import Chat
from components.conversation.message_box import MessageBox
from components.conversation.welcome import Welcome
from components.history.finding.buttons import conversation_buttons
from components.history.keeping import KeepingNote, OffTheRecord
from components.history.notebook import Notebook
from components.settings.browser_storage import browser_storage
from components.settings.kept_settings import KeptSettings
from components.settings.mind.offer import MindOffer, MindRow, mind_sheet
from components.settings.new_call_offer import NewCallOffer
from components.settings.panel import SettingsPanel
from components.settings.personas.personas import Personas, built_in
from components.settings.settings import Settings
from components.sharing.host.audience_page import AudiencePage
from components.sharing.page import explain_unknown_proxy, sharing_button
from components.starting.environment import read_environment
from components.starting.greeting import GOODBYE, quiet_interrupts, say
from components.starting.services import Services
from components.starting.version import VERSION
from components.status.call_timer import CallTimer
from components.status.drawer import StatusDrawer
from components.widgets.icon_button import IconButton
from components.widgets.lost_connection import LostConnection
from components.widgets.notification import tell
from components.widgets.own_url import own_url
from components.words.language_choice import LanguageChoice
from components.words.page import declare_language, words

ASSETS = Path(__file__).parent / 'assets'
STYLES = (
    *('page', 'settings', 'personas', 'welcome', 'conversation', 'message_box'),
    *('call', 'sheets', 'status', 'sharing', 'audience', 'mind', 'history'),
)


def main() -> None:
    """Build the services, declare the pages, and run until Ctrl+C."""
    proxies = read_environment()
    services = Services.build(os.environ, proxies)
    services.attach(app)
    declare_pages(services)
    command = services.command
    if command.opens_browser and not helpers.is_user_simulation():
        helpers.schedule_browser('http', 'localhost', command.port, '')
    quiet_interrupts()
    with suppress(KeyboardInterrupt):
        ui.run(
            host=command.home,
            port=command.port,
            title='Parley',
            favicon=ASSETS / 'favicon.svg',
            dark=None,  # follow the system
            language='en-US',
            reconnect_timeout=12,  # a page may be busy with a large photo: NiceGUI's 3 s forgive a silence of 2 s only
            tailwind=False,
            reload=False,
            show=False,
            show_welcome_message=False,  # Parley has its own
            storage_secret=services.cookie_secret,
            timeout_graceful_shutdown=3,  # a download may hang
        )
    if not helpers.is_user_simulation():
        say(GOODBYE)
        gc.freeze()  # the last collection of garbage would take longer than all the rest of the end


def declare_pages(services: Services) -> None:
    """Declare the dashboard and the page of an audience, and how they look."""
    for name in STYLES:
        ui.add_css(ASSETS / 'styles' / f'{name}.css', shared=True)
    app.colors(primary='var(--ink)')  # controls have no hue: hues belong to voices
    app.config.quasar_config['loadingBar'] = {'skipHijack': True}  # no bar that blinks at the top with every request

    # NiceGUI's own 3 s would answer a short network gap with a reload, which ends the call
    @ui.page('/', reconnect_timeout=60)
    async def latest() -> None:
        begin_page()
        Dashboard(services, await services.shelf.latest(services.owner()))

    @ui.page('/new', reconnect_timeout=60)
    def new(elsewhere: bool = False) -> None:
        begin_page()
        Dashboard(services, services.shelf.new(services.owner()))
        if elsewhere:
            tell(words('history.elsewhere'))

    @ui.page('/c/{id}', reconnect_timeout=60)
    async def conversation(id: str, turn: str = '') -> None:
        begin_page()
        found = await services.shelf.find(services.owner(), id)
        dashboard = Dashboard(services, found or services.shelf.new(services.owner()))
        if found is None:
            tell(words('history.not_found'))
        elif turn:
            dashboard.chat.seek(turn)

    @ui.page('/audience/{token}', reconnect_timeout=60)
    def audience(token: str) -> None:
        begin_page()
        AudiencePage(services.audiences.find(token))


def begin_page() -> None:
    """Build what all pages have in common: the language, and sentences for unexpected errors and a lost connection."""
    declare_language(app.storage.user.get('language'))
    explain_unknown_proxy()
    ui.on_exception(lambda: tell(words('page.unexpected')))
    LostConnection(words)


class Dashboard:
    """The page: its widgets, and what each of them does when the director says so. Every browser tab has its own."""

    def __init__(self, services: Services, notebook: Notebook) -> None:
        self.notebook, self.shelf = notebook, services.shelf
        self.is_guest = notebook.owner != 'host'
        self.providers = providers = services.providers
        self.personas = Personas(storage := browser_storage(), built_in(words))
        self.kept = KeptSettings(storage, providers, self.personas)
        settings = self.kept.settings
        self.director = director = effects.Director(settings, providers.session, transcript=notebook.transcript)
        self.audience = services.audiences.of(director.transcript)

        # hidden at first: None would fail where the browser is slow
        with ui.left_drawer(value=False).props('show-if-above width=320') as left:
            self.panel = SettingsPanel(
                settings, providers.introductions(words), self.personas, director.change_settings, on_news=left.show
            )
            self.offer = NewCallOffer(director.continue_in_new_call)
            self.mind_sheet = mind_sheet(services.mind)
            self.mind_notes: list[MindOffer | MindRow] = []
            if self.mind_sheet:
                self.mind_notes.append(MindRow(services.mind, self.mind_sheet, self.uses_engine))
            self.languages = LanguageChoice(app.storage.user.get('language'), choose_language)
            self.captions = Captions(words('captions.switch'))
            off = bool(app.storage.user.get('off_the_record'))
            OffTheRecord(off, self.go_off_the_record, is_guest=self.is_guest)
        right = StatusDrawer(director)
        with ui.header().classes('top'):
            IconButton('tune', words('page.settings'), left.toggle)
            ui.label('Parley').classes('top__name')
            ui.space()
            self.timer = CallTimer()
            conversation_buttons(services.history, notebook.owner, notebook.id, lambda id: self.chat.seek(id))
            sharing_button(services.share, self.audience)
            IconButton('insights', words('page.call_status'), right.toggle)
        with ui.element('main').classes('stage') as stage:
            self.keeping = KeepingNote(services.history)
            self.chat = Chat(empty=lambda: self.show_welcome(services), is_kept=notebook.is_kept)
            self.call = VoiceCall(
                ticket=lambda transport: self.desk.take(director.begin(), transport),
                seeds=director.seeds,
                on_state=director.report_state,
                on_rung=director.report_rung,
                on_events=director.report_events,
                on_undelivered=director.add_late,
                on_approach=director.prepare,
                push_to_talk=settings.push_to_talk,
                transport=providers.transport(settings, guest=self.is_guest),
                transcribes_first=providers.transcribes_first(settings),
                on_push_to_talk=self.panel.take_turns_by_hand,
                version=VERSION,
            )
            self.desk = services.desk(self.call)
            MessageBox(self.call).move(target_index=2)  # between chat and call
        ui.skip_link(words('page.skip'), target=stage).classes('skip-link')

        self.follow(director)
        self.kept.follow(ui.context.client, self.take_over, may_follow=lambda: not director.is_running)
        services.mind.changed.subscribe(lambda: self.panel.describe(providers.introductions(words)))
        self.go_off_the_record(off)
        self.open_notebook(ui.context.client)
        ui.context.client.on_connect(self.warm_up)
        ui.context.client.on_delete(self.desk.close)
        ui.context.client.on_delete(self.audience.close)

    def open_notebook(self, client: Client) -> None:
        """Show what was said so far, and keep what follows."""
        notebook, transcript = self.notebook, self.director.transcript
        self.chat.show(transcript)
        notebook.is_open = lambda: client.has_socket_connection or self.director.is_running
        notebook.follow(
            self.director, lambda item_ids: self.chat.show(transcript, item_ids), self.keeping.show_deletion
        )
        client.on_connect(self.take_conversation)
        client.on_delete(lambda: self.shelf.release(notebook))

    def take_conversation(self) -> None:
        """Hold the conversation, or start a new one if it is open in another tab."""
        if not self.shelf.take(self.notebook):
            ui.navigate.to('/new?elsewhere=true')

    def go_off_the_record(self, off: bool) -> None:
        """Keep nothing from now on, or keep it again."""
        if off != bool(app.storage.user.get('off_the_record')):
            app.storage.user['off_the_record'] = off
        self.notebook.off_the_record = self.keeping.off = off
        self.call.conversation = '' if off else self.notebook.id
        self.keeping.update_note()

    def follow(self, director: effects.Director) -> None:
        """Let the widgets follow the call."""
        director.on(effects.CallStateChanged, self.show_state)
        director.on(effects.CallConnected, lambda _: self.timer.start())
        director.on(effects.CallConnected, lambda _: ui.navigate.history.replace(own_url(f'/c/{self.notebook.id}')))
        director.on(effects.SessionOpened, lambda effect: self.timer.expire(effect.expires_at))
        director.on(effects.CallEnded, lambda _: self.timer.stop())
        director.on(effects.CallEnded, lambda _: self.desk.call_over())
        director.on(effects.PlaceCall, lambda _: self.call.call_again())
        director.on(effects.PrepareTicket, lambda effect: self.desk.prepare(effect.settings))
        director.on(effects.SendEvent, lambda effect: self.call.send(effect.event))
        director.on(effects.Greet, lambda effect: self.call.greet(effect.event))
        director.on(effects.TurnsChanged, lambda effect: self.chat.show(director.transcript, effect.item_ids))
        director.on(effects.TurnsChanged, lambda effect: self.audience.show(effect.item_ids))
        director.on(effects.PaceChanged, lambda effect: self.captions.follow(effect.pace))
        director.on(effects.NewCallOffered, lambda effect: self.offer.show(effect.fields))
        director.on(effects.SettingsChanged, self.keep)
        director.on(effects.SettingsRefused, self.show_refusal)

    def show_welcome(self, services: Services) -> None:
        """Build what is shown while there is no conversation."""
        self.welcome = Welcome(
            hint=lambda: self.providers.hint(self.director.settings, words),
            news=lambda: services.news(words),
            offer=lambda: self.mind_notes.append(MindOffer(services.mind, self.mind_sheet, self.uses_engine)),
        )

    def warm_up(self) -> None:
        """Start the engine once a browser really shows the page. Nobody else is asked before a call seems close."""
        if self.uses_engine():
            self.director.prepare()

    def uses_engine(self) -> bool:
        """Tell whether Parley's own engine answers."""
        return self.director.settings.provider == 'engine'

    def show_state(self, effect: effects.CallStateChanged) -> None:
        """Adapt the widgets to whether a call is running."""
        self.panel.live = effect.is_running
        self.languages.lock(effect.is_running)
        self.audience.call(effect.is_live)

    def keep(self, effect: effects.SettingsChanged) -> None:
        """Store changed settings, and let the other widgets follow them."""
        self.follow_settings(effect.settings)
        self.kept.keep(effect.settings)

    def take_over(self, settings: Settings) -> None:
        """Take over what another page of this browser changed."""
        self.director.settings = settings
        self.panel.show(settings)
        self.follow_settings(settings)

    def follow_settings(self, settings: Settings) -> None:
        """Let the call, the welcome and the notes about the mind follow the settings."""
        self.call.push_to_talk = settings.push_to_talk
        self.call.transport = self.providers.transport(settings, guest=self.is_guest)
        self.call.transcribes_first = self.providers.transcribes_first(settings)
        self.welcome.update_notes()
        for note in self.mind_notes:
            note.follow()

    def show_refusal(self, effect: effects.SettingsRefused) -> None:
        """Put the controls back, and say why."""
        if effect.settings.persona.own:
            self.personas.change(effect.settings.persona)  # the user may just have edited it
        self.panel.show(effect.settings)
        tell(words('panel.refused_because', reason=effect.reason) if effect.reason else words('panel.refused'))


def choose_language(language: str) -> None:
    """Show the page in another language."""
    app.storage.user['language'] = language
    ui.navigate.reload()


if __name__ in {'__main__', '__mp_main__'}:
    main()
