#!/usr/bin/env python3
"""Parley: talk with an AI. Run `python main.py`, press the button, speak."""

import os
import sys
import time
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from dotenv import load_dotenv
from nicegui import app, helpers, ui

from components.call.call import VoiceCall
from components.call.failure import failure
from components.call.reports import CallState, EventRecord, RungReport, StateReport
from components.conversation.captions import Captions
from components.conversation.chat import Chat
from components.conversation.message_box import MessageBox
from components.conversation.transcript import Transcript
from components.conversation.welcome import welcome
from components.desk.guest_desk import GuestDesk, browser_of
from components.desk.host_desk import HostDesk
from components.engine import Engine, StageServers
from components.providers.choice import Providers
from components.providers.engine import MOUNTED_AT, told
from components.providers.ticket import Ticket
from components.relay.relay import Relay
from components.settings.agreement import Agreement, Refusal
from components.settings.catalogue import CATALOGUES
from components.settings.new_call_offer import NewCallOffer
from components.settings.panel import SettingsPanel
from components.settings.personas.personas import Personas, built_in
from components.settings.session import greeting
from components.settings.settings import Settings
from components.settings.voice_samples import VoiceSamples
from components.sharing.calls.guest_page import GuestsVoiceCall, follow_visit
from components.sharing.door.rooms import HostsOnly
from components.sharing.door.visitor import Guest, visitor
from components.sharing.front import guard, let_guests_in
from components.sharing.host.audience import Audiences
from components.sharing.host.audience_page import AudiencePage
from components.sharing.host.share_sheet import ShareSheet
from components.sharing.share import Share
from components.starting.command_line import CommandLine
from components.starting.cookie_secret import storage_secret
from components.status.call_timer import CallTimer
from components.status.event_log import EventLog
from components.status.ladder import Ladder
from components.status.notices import notice
from components.widgets.icon_button import IconButton
from components.widgets.notification import tell
from components.words.language import sentences
from components.words.language_choice import LanguageChoice
from components.words.page import declare_language, words

ASSETS = Path(__file__).parent / 'assets'
STYLES = (
    *('page', 'settings', 'personas', 'conversation', 'message_box'),
    *('call', 'sheets', 'status', 'sharing', 'audience'),
)

load_dotenv()
try:
    engine = Engine(servers=StageServers.from_environment(os.environ))
    providers = Providers.from_environment(
        os.environ,
        engine.app,
        engine_problems=engine.problems,
        engine_notes=engine.notes,
        browser_of=browser_of,
    )
except ValueError as error:
    sys.exit(str(error))
CATALOGUES.update(providers.catalogues)
audiences = Audiences()
relay = Relay(time.monotonic, browser_of)
samples = VoiceSamples(CATALOGUES['engine'].voices, engine.speak)
app.mount(MOUNTED_AT, HostsOnly(engine.app))
app.router.routes.extend([providers.exchange.route, relay.route, samples.route])
share: Share | None = None
for name in STYLES:
    ui.add_css(ASSETS / 'styles' / f'{name}.css', shared=True)
app.config.quasar_config['loadingBar'] = {'skipHijack': True}  # no bar that blinks at the top with every request


@ui.page('/', reconnect_timeout=60)  # NiceGUI's own 3 s would answer a short network gap with a reload, ending the call
def index() -> None:
    declare_language(app.storage.user.get('language'))
    Dashboard()


@ui.page('/audience/{token}', reconnect_timeout=60)
def audience(token: str) -> None:
    declare_language(app.storage.user.get('language'))
    AudiencePage(audiences.find(token))


class Dashboard:
    """The page: laid out here from its widgets, and what they tell each other. Every browser tab has its own."""

    def __init__(self) -> None:
        self.visitor = visitor(ui.context.client.request.scope)
        self.browser = str(browser_of(ui.context.client.request))
        self.personas = Personas(app.storage.user, built_in(words))
        self.settings = providers.restore(app.storage.user.get('settings'), self.personas)
        self.transcript = Transcript()
        self.state = CallState.IDLE
        self.agreement = Agreement(self.settings, providers.session)
        self.audience = audiences.of(self.transcript)
        self.continuing = False  # whether the next call is told what was said so far

        # hidden at first: None would fail where the browser is slow
        with ui.left_drawer(value=False).props('show-if-above width=320') as left:
            self.panel = SettingsPanel(
                self.settings, providers.introduced(words), self.personas, self.change, on_news=left.show
            )
            self.offer = NewCallOffer(self.continue_in_new_call)
            self.languages = LanguageChoice(app.storage.user.get('language'), self.choose_language)
            self.captions = Captions(words('captions.switch'))
        with ui.right_drawer(value=False).props('width=360') as right:
            ui.label(words('page.way_up')).classes('drawer__title')
            self.ladder = Ladder()
            ui.label(words('page.events')).classes('drawer__title')
            self.log = EventLog()
        with ui.header().classes('top'):
            IconButton('tune', words('page.settings'), left.toggle)
            ui.label('Parley').classes('top__name')
            ui.space()
            self.timer = CallTimer()
            if isinstance(self.visitor, Guest):
                follow_visit()
            else:
                IconButton('qr_code_2', words('sharing.button'), ShareSheet(share, self.audience).show)
            IconButton('insights', words('page.call_status'), right.toggle)
        with ui.element('main').classes('stage'):
            self.chat = Chat(empty=self.show_welcome)
            self.call = VoiceCall(
                ticket=self.ticket,
                relay_ticket=self.relay_ticket,
                on_state=self.show_state,
                on_rung=self.show_rung,
                on_events=self.show_events,
                on_approach=lambda: self.desk.prepare(self.settings),
                push_to_talk=self.settings.push_to_talk,
                transport=providers.transport(self.settings),
                on_push_to_talk=self.panel.take_turns_by_hand,
            )
            self.desk = self.ticket_desk()
            MessageBox(self.call).move(target_index=1)  # between chat and call

        self.desk.prepare(self.settings)
        ui.context.client.on_delete(self.desk.close)
        ui.context.client.on_delete(self.audience.close)

    def show_welcome(self) -> None:
        welcome()
        self.hint = ui.label(providers.hint(self.settings, words)).classes('welcome__note')
        news = ui.label(engine_news()).classes('welcome__note')
        ui.timer(1, lambda: news.set_text(engine_news()))  # a model may still be on its way

    def change(self, settings: Settings) -> None:
        """Keep changed settings, and let a running call have what it may."""
        self.keep(settings)
        if self.panel.live:
            self.agree()
            self.offer.show(self.agreement.waiting(settings))
        else:
            self.desk.prepare(settings)

    def keep(self, settings: Settings) -> None:
        self.settings = settings
        self.call.push_to_talk = settings.push_to_talk
        self.call.transport = providers.transport(settings)
        self.hint.text = providers.hint(settings, words)
        app.storage.user['settings'] = providers.store(settings)

    def choose_language(self, language: str) -> None:
        """Show the page in another language."""
        app.storage.user['language'] = language
        ui.navigate.reload()

    def ticket_desk(self) -> HostDesk | GuestDesk:
        if isinstance(self.visitor, Guest):
            assert share  # whose door has let them in
            return GuestDesk(self.visitor, share.calls, providers, relay, GuestsVoiceCall(self.call))
        return HostDesk(self.browser, providers, relay)

    async def ticket(self) -> Ticket:
        self.agreement = Agreement(self.settings, providers.session)
        return await self.desk.take(self.settings)

    def relay_ticket(self) -> str:
        self.agreement = Agreement(self.settings, providers.session)
        return self.desk.relay_ticket(self.settings)

    def agree(self) -> None:
        """Tell the service what has changed since it was last told."""
        if self.state is CallState.LIVE and (update := self.agreement.ask(self.settings)):
            self.call.send(update)

    def continue_in_new_call(self) -> None:
        self.continuing = True
        self.call.call_again()

    def take_back(self, refusal: Refusal) -> None:
        """Put everything back to what the service goes on to work by, and say why."""
        self.keep(refusal.undone(self.settings))
        if self.settings.persona.own:
            self.personas.change(self.settings.persona)  # which the user may just have edited
        self.panel.show(self.settings)
        because = refusal.reason
        tell(words('panel.refused_because', reason=because) if because else words('panel.refused'))

    def show_state(self, report: StateReport) -> None:
        self.state = report.state
        self.panel.live = report.state in {CallState.PREPARING, CallState.CONNECTING, CallState.LIVE}
        self.languages.lock(self.panel.live)
        self.audience.call(report.state is CallState.LIVE)
        if report.state is CallState.PREPARING:
            self.ladder.reset()
            self.log.begin_call()
        elif report.state is CallState.LIVE:
            self.timer.start()
            if self.continuing:
                self.continuing = False
                for event in self.transcript.seeds():
                    self.call.send(event)
            elif self.settings.greets:
                self.call.greet(greeting(self.settings))
            self.agree()  # on what was changed on the way up
        elif report.state is CallState.ENDED:
            self.timer.stop()
            self.desk.call_over()
            self.offer.show(())
            self.ladder.stop()
            self.show_said(self.transcript.end_call())
            if not report.failure:  # whoever refused is asked again when somebody wants to call, not before
                self.desk.prepare(self.settings)

    def show_said(self, changed: Collection[str]) -> None:
        self.chat.show(self.transcript, changed)
        self.audience.show(changed)

    def show_rung(self, report: RungReport) -> None:
        reason = failure(report.failure.code, report.failure.detail, words) if report.failure else None
        self.ladder.report(report.rung, report.state, report.ms, reason)

    def show_events(self, records: list[EventRecord]) -> None:
        self.log.add(records)
        changed: set[str] = set()
        for record in records:
            if record.direction == 'received':
                changed |= self.transcript.apply(record.event, at=record.at_ms / 1000)
                if refusal := self.agreement.hear(record.event):
                    self.take_back(refusal)
                elif trouble := notice(record.event, words):
                    tell(sentences(trouble.sentence, trouble.next_step))
        self.show_said(changed)
        self.captions.follow(self.transcript.pace)


def engine_news() -> str:
    return sentences(*(told(remark, words) for remark in engine.news))


if __name__ in {'__main__', '__mp_main__'}:
    command = CommandLine.read()
    data = Path(os.environ.get('PARLEY_DATA', '.parley'))
    engine.local_only = not command.shares
    if not helpers.is_user_simulation():
        command.check_port()
        guard(app, providers.origins)
        if share := command.share(data / 'sharing'):
            let_guests_in(app, share, providers.origins)
        if command.opens_browser:
            helpers.schedule_browser('http', 'localhost', command.port, '')
    for end in (relay.close, engine.stop, providers.close):
        app.on_shutdown(end)
    with suppress(KeyboardInterrupt):
        ui.run(
            host=command.home,
            port=command.port,
            title='Parley',
            favicon=ASSETS / 'favicon.svg',
            dark=None,  # as the system has it
            language='en-US',
            tailwind=False,
            reload=False,
            show=False,
            storage_secret=storage_secret(data),
        )
