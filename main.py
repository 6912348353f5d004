#!/usr/bin/env python3
"""Parley: talk with an AI. Run `python main.py`, press the button, speak."""

from components.starting.quick_start import settle  # isort: skip  (also explains missing packages, so it comes first)

from functools import partial
from pathlib import Path

from nicegui import Client, app, ui

from components.call.call import VoiceCall
from components.conversation import effects
from components.conversation.chat import Chat
from components.conversation.director import Director
from components.conversation.message_box import MessageBox
from components.conversation.welcome import Welcome
from components.history.keeping import KeepingNote, OffTheRecord
from components.history.notebook import Notebook
from components.history.recordings.player import RecordingPlayer
from components.history.recordings.switch import RecordSound, records_sound
from components.page.frame import begin_page, declare_frame, show_address, show_note
from components.page.header import Header
from components.page.settings_drawer import SettingsDrawer
from components.settings.kept_settings import KeptSettings
from components.starting.run import run
from components.starting.services import Services
from components.status.drawer import StatusDrawer
from components.words.page import words

settle()  # all is loaded
ASSETS = Path(__file__).parent / 'assets'


def main() -> None:
    """Build the services, declare the pages, and run until Ctrl+C."""
    services = Services.start()
    declare_frame(ASSETS, services.command.prefix)
    declare_pages(services)
    run(services, favicon=ASSETS / 'favicon.svg')


def declare_pages(services: Services) -> None:
    """Declare the dashboard (with the latest conversation, a new one, or one that was kept) and the audience's page."""

    # NiceGUI's own 3 s would answer a short network gap with a reload, which ends the call
    @ui.page('/', reconnect_timeout=60)
    async def latest() -> None:
        begin_page()
        Dashboard(services, await services.shelf.latest(services.owner()))

    @ui.page('/new', reconnect_timeout=60)
    def new(elsewhere: bool = False) -> None:
        begin_page('history.elsewhere' if elsewhere else '')
        Dashboard(services, services.shelf.new(services.owner()))

    @ui.page('/c/{id}', reconnect_timeout=60)
    async def conversation(id: str, turn: str = '') -> None:
        found = await services.shelf.find(services.owner(), id)
        begin_page()
        dashboard = Dashboard(services, found or services.shelf.new(services.owner()))
        if found is None:  # perhaps the browser still has what could not be stored
            dashboard.call.seek_undelivered(id, on_lost=lambda: show_note('history.not_found'))
        elif turn:
            dashboard.chat.seek(turn)

    @ui.page('/audience/{token}', reconnect_timeout=60)
    def audience(token: str) -> None:
        begin_page()
        services.show_audience(token)


class Dashboard:
    """The page: its widgets, and what each of them does when the director says so. Every browser tab has its own."""

    def __init__(self, services: Services, notebook: Notebook) -> None:
        self.notebook, self.shelf = notebook, services.shelf
        self.is_guest = notebook.owner != 'host'
        self.providers = providers = services.providers
        user_agent = ui.context.client.request.headers.get('user-agent', '')
        self.transport = partial(providers.transport, guest=self.is_guest, user_agent=user_agent)
        kept = KeptSettings.of_browser(providers)
        self.director = director = Director(kept.settings, providers.session, transcript=notebook.transcript)
        self.audience = services.audiences.of(director.transcript)
        off_the_record = bool(app.storage.user.get('off_the_record'))

        left = SettingsDrawer(
            kept, services, director, self.follow_settings, self.add_page_switches, is_guest=self.is_guest
        )
        right = StatusDrawer(director, is_guest=self.is_guest)
        header = Header(
            services,
            notebook,
            self.audience,
            settings=left,
            status=right,
            on_turn=lambda id: self.chat.seek(id),
        )
        self.timer = header.timer
        with ui.element().classes('stage') as stage:
            self.keeping = KeepingNote(services.history)
            self.player = RecordingPlayer(services.history, notebook, lambda id: self.chat.seek(id))
            self.chat = Chat(empty=lambda: self.show_welcome(services, left), is_kept=notebook.is_kept)
            with ui.element('div').classes('call-bar').props('data-testid=call-bar') as call_bar:
                self.call = VoiceCall(
                    ticket=lambda transport: self.desk.take(director.begin(transport), transport),
                    seeds=director.seeds,
                    on_state=director.report_state,
                    on_rung=director.report_rung,
                    on_events=director.report_events,
                    on_undelivered=director.add_late,
                    on_approach=director.prepare,
                    push_to_talk=kept.settings.push_to_talk,
                    transport=self.transport(kept.settings),
                    transcribes_first=providers.transcribes_first(kept.settings),
                    on_push_to_talk=left.take_turns_by_hand,
                    hang_up_after=60 * kept.settings.hang_up_after_min,
                    on_forgotten=lambda id: self.desk.hang_up(id),
                    life_at=lambda id: self.desk.life_at(id),
                    version=services.version,
                )
                self.desk = services.desk(self.call)
                MessageBox(self.call).move(target_index=0)  # above the call
            call_bar.on('pointerenter', lambda: services.warm_up(director.settings), [])
            self.chat.offer_revision(self.call, director.revise)
        ui.skip_link(words('page.skip'), target=stage).classes('skip-link')

        client = ui.context.client
        left.follow(client)
        services.ways_changed.subscribe(self.follow_settings)
        self.follow(director)
        self.go_off_the_record(off_the_record)
        self.open_notebook(client)
        client.on_delete(self.desk.close)
        client.on_delete(self.audience.close)

    def add_page_switches(self) -> None:
        """Add those of the conversation to the settings of the page."""
        OffTheRecord(self.notebook.off_the_record, self.go_off_the_record, is_guest=self.is_guest)
        if not self.is_guest:
            RecordSound(self.choose_recording)

    def open_notebook(self, client: Client) -> None:
        """Show what was said so far, and keep what follows."""
        notebook, transcript = self.notebook, self.director.transcript
        self.chat.show(transcript)
        notebook.is_open = lambda: client.has_socket_connection or self.director.is_running
        notebook.follow(
            self.director,
            lambda item_ids: self.chat.show(transcript, item_ids),
            self.keeping.show_deletion,
            text_writer=self.providers.text_writer if not self.is_guest else None,
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
        self.choose_recording()

    def choose_recording(self) -> None:
        """Record the sound, or not: only if the host has switched it on, and never off the record."""
        is_recorded = not self.is_guest and records_sound() and not self.notebook.off_the_record
        self.call.record_to = self.player.url if is_recorded else ''

    def follow(self, director: Director) -> None:
        """Let the widgets follow the call."""
        director.on(effects.CallStateChanged, lambda effect: self.audience.call(effect.is_live))
        director.on(effects.CallConnected, lambda _: self.timer.start())
        director.on(effects.CallConnected, lambda _: show_address(f'/c/{self.notebook.id}'))
        director.on(effects.LateTurnsAdded, lambda _: show_address(f'/c/{self.notebook.id}'))
        director.on(effects.SessionOpened, lambda effect: self.timer.expire(effect.expires_at))
        director.on(effects.CallEnded, lambda _: self.timer.stop())
        director.on(effects.CallEnded, lambda _: self.desk.call_over())
        director.on(effects.PlaceCall, lambda _: self.call.call_again())
        director.on(effects.PrepareTicket, lambda effect: self.desk.prepare(effect.settings))
        director.on(effects.SendEvent, lambda effect: self.call.send(effect.event))
        director.on(effects.Greet, lambda effect: self.call.greet(effect.event))
        director.on(effects.TurnsChanged, lambda effect: self.chat.show(director.transcript, effect.item_ids))
        director.on(effects.TurnsRevised, lambda effect: self.call.revise(effect.item_ids, effect.message))
        director.on(effects.TurnsChanged, lambda effect: self.audience.show(effect.item_ids))

    def show_welcome(self, services: Services, drawer: SettingsDrawer) -> None:
        """Build what is shown while there is no conversation."""
        self.welcome = Welcome(
            hint=lambda: self.providers.hint(self.director.settings, words, for_guest=self.is_guest),
            news=lambda: services.news(words),
            offer=drawer.offer_mind,
            is_shown=lambda: not self.director.transcript.ids,
        )

    def follow_settings(self) -> None:
        """Let the call and the welcome follow the settings."""
        settings = self.director.settings
        self.call.push_to_talk = settings.push_to_talk
        self.call.transport = self.transport(settings)
        self.call.transcribes_first = self.providers.transcribes_first(settings)
        self.call.hang_up_after = 60 * settings.hang_up_after_min
        self.welcome.update_notes()


if __name__ in {'__main__', '__mp_main__'}:
    main()
