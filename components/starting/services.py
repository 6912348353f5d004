"""The services: what all pages of one program share, built once at the start."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from nicegui import App, Event, app, background_tasks, helpers, ui

from components.call.call import VoiceCall
from components.desk.exchange import Exchange
from components.desk.guest_desk import GuestDesk
from components.desk.host_desk import HostDesk
from components.engine import Engine, StageServers
from components.engine.local_mind.library import Library, RememberedChoice
from components.engine.servers.stage_server import models_folder
from components.history.export.downloads import Downloads
from components.history.history import History
from components.history.owner import owner_of
from components.history.recordings.endpoints import RecordingEndpoints
from components.history.shelf import Shelf
from components.providers.engine.connection import EngineConnection
from components.providers.engine.service import MOUNTED_AT, notice_text
from components.providers.engine.writer import engine_writer
from components.providers.providers import Providers
from components.providers.proxies import Proxies
from components.relay.relay import Relay
from components.settings.browser_storage import install as install_browser_storage
from components.settings.key.keys import ProviderKeys
from components.settings.mind.engine_mind import EngineMind, remembered_mind
from components.settings.settings import Settings
from components.settings.voice_samples import VoiceSamples
from components.sharing.calls.guest_page import GuestsVoiceCall
from components.sharing.door.access import HostsOnly
from components.sharing.host.audience import Audiences
from components.sharing.host.audience_page import AudiencePage
from components.sharing.middleware import guard, serve_guests
from components.sharing.sharing import Sharing
from components.sharing.visitor import Guest, browser_of, visitor
from components.widgets.home_screen import home_screen_routes
from components.widgets.own_url import prefix_of
from components.words.language import Text, sentences

from .command_line import CommandLine
from .compressed_assets import CompressedAssets
from .cookie_secret import cookie_secret
from .departed_clients import DepartedClients
from .env_file import EnvFile
from .environment import folder_problem, read_environment, warn
from .greeting import greeting, say
from .shared_assets import SharedAssets
from .version import VERSION

if TYPE_CHECKING:
    from components.sharing.share import Share


@dataclass(frozen=True)
class Services:
    """The engine and its mind, the providers, desks and relay that calls need, the history, and the share for guests.

    `data` is the folder of Parley's data. `ways_changed` is emitted when calls may travel otherwise than before.
    """

    command: CommandLine
    data: Path
    engine: Engine
    mind: EngineMind
    providers: Providers
    keys: ProviderKeys
    exchange: Exchange
    relay: Relay
    samples: VoiceSamples
    audiences: Audiences
    history: History
    shelf: Shelf
    sharing: Sharing
    ways_changed: Event[[]] = field(default_factory=lambda: Event[[]]())
    _followed: list[Share] = field(default_factory=list)

    @classmethod
    def start(cls) -> Services:
        """Read the environment of the program, and build all services and attach them to its app."""
        env_file = EnvFile.find(os.environ)
        services = cls.build(os.environ, read_environment(), env_file)
        services.attach(app)
        return services

    @classmethod
    def build(
        cls, environ: Mapping[str, str], proxies: Proxies | None = None, env_file: EnvFile | None = None
    ) -> Services:
        """Build all services, as the command line and the environment ask for.

        Exits the program with one sentence if something they ask for is impossible.

        Args:
            environ: The environment variables.
            proxies: See `Providers.from_environment`.
            env_file: Keeps the keys that the host enters; by default the program's `.env`.
        """
        command = CommandLine.read()
        data = Path(environ.get('PARLEY_DATA') or '.parley')
        simulated = helpers.is_user_simulation()  # a test, which opens no port
        try:
            servers = StageServers.from_environment(environ)
            fixed = servers.mind is not None
            library, remembered = Library(models_folder(environ)), RememberedChoice(data / 'mind.json')
            history = History.from_environment(environ, data)
            engine = Engine(servers=servers if fixed else replace(servers, mind=remembered_mind(library, remembered)))
            providers = Providers.from_environment(
                environ,
                engine.app,
                engine_connect=lambda model: EngineConnection.open(engine, model),
                engine_problems=engine.problems,
                engine_voices=engine.voices,
                engine_writer=lambda: engine_writer(engine),
                engine_life_at=engine.life_at,
                engine_notes=lambda: engine.notes,
                proxies=proxies,
            )
        except ValueError as error:
            sys.exit(str(error))
        if command.checks:
            from .check import Check

            check = Check(command, data, app.storage.path, engine, providers, library)
            sys.exit(asyncio.run(check.run()))
        engine.local_only = not command.shares
        if not simulated:
            command.check_port()
            for folder, variable in ((data, 'PARLEY_DATA'), (app.storage.path, 'NICEGUI_STORAGE_PATH')):
                if problem := folder_problem(folder, variable):
                    warn(problem)
        return cls(
            command=command,
            data=data,
            engine=engine,
            mind=EngineMind(engine, library, remembered, fixed=fixed),
            providers=providers,
            keys=ProviderKeys(providers, env_file or EnvFile.find(environ)),
            exchange=Exchange(providers, browser_of=browser_of),
            relay=Relay(providers, browser_of=browser_of),
            samples=VoiceSamples(providers.catalogues['engine'].voices, engine.speak),
            audiences=Audiences(),
            history=history,
            shelf=Shelf(history),
            sharing=Sharing(
                app,
                providers.origins,
                lambda: command.make_share(data / 'sharing'),
                None if simulated else command.share(data / 'sharing'),
            ),
        )

    def attach(self, app: App) -> None:
        """Serve the engine, tickets, relay and samples by this app, guard it, and end the services when it ends."""
        install_browser_storage()
        app.add_middleware(DepartedClients)
        app.add_middleware(CompressedAssets)
        app.add_middleware(SharedAssets)
        app.mount(MOUNTED_AT, HostsOnly(self.engine.app))
        app.router.routes.extend([self.exchange.route, self.relay.route, self.samples.route])
        app.router.routes.extend(home_screen_routes('', './'))
        app.router.routes.extend(Downloads(self.history).routes)
        app.router.routes.extend(RecordingEndpoints(self.history).routes)
        if not helpers.is_user_simulation():
            guard(app, self.providers.origins, self.command.proxy)
            app.on_startup(lambda: say(greeting(self.command.url, self.providers)))
        serve_guests(app, self.sharing, at_once=self.share is not None)
        self.sharing.changed.subscribe(self._follow_sharing)
        app.on_startup(self.history.start)
        app.on_startup(self._ask_about_hanging_up)
        self.keys.changed.subscribe(self._ask_about_hanging_up)
        ends = (self.relay.close, self.mind.close, self.engine.stop, self.exchange.close, self.providers.close)
        for end in (*ends, self.history.close):
            app.on_shutdown(end)

    def warm_up(self, settings: Settings) -> None:
        """Start the engine if it is to answer, since a call may be close. Services outside wait for a surer sign.

        But those that were out of reach so far are asked again how calls must travel.
        """
        if settings.provider == 'engine':
            self.engine.expect_call()
        self._ask_about_hanging_up()

    @property
    def share(self) -> Share | None:
        """The share that guests join; None if nobody has wanted to share so far."""
        return self.sharing.share

    @property
    def can_share(self) -> bool:
        """Whether the host can let guests in; behind a proxy, that is the proxy's task."""
        return self.command.proxy is None

    def _follow_sharing(self) -> None:
        self.engine.local_only = not self.sharing.is_on
        self._ask_about_hanging_up()
        if self.share and self.share not in self._followed:
            self._followed.append(self.share)
            self.share.guests.subscribe(self._forget_guests)

    def _ask_about_hanging_up(self) -> None:
        async def ask() -> None:
            if await self.providers.learn_whether_they_hang_up(guests=self.share is not None):
                self.ways_changed.emit()

        background_tasks.create_lazy(ask(), name='ask about hanging up')

    def _must_relay(self, settings: Settings) -> bool:
        return self.providers.transport(settings, guest=True) == 'relay'

    def _forget_guests(self) -> None:
        """Delete the conversations of guests who have left or were shown out."""
        assert self.share
        welcome = {guest.id for guest in self.share.guests.all}
        background_tasks.create(self.shelf.keep_guests(welcome), name='forget guests')

    @property
    def cookie_secret(self) -> str:
        """The secret that signs the cookies of this program."""
        return cookie_secret(self.data)

    @property
    def version(self) -> str:
        """The version of Parley."""
        return VERSION

    def desk(self, call: VoiceCall) -> HostDesk | GuestDesk:
        """Return the desk that makes the tickets of one page's call."""
        request = call.client.request
        guest = visitor(request.scope)
        if isinstance(guest, Guest):
            assert self.share  # its door let the guest in
            self._ask_about_hanging_up()  # the service may have been out of reach so far
            limits = self.share.calls.of_page(guest, GuestsVoiceCall(call))
            return GuestDesk(guest.id, limits, self.exchange, self.relay, self._must_relay)
        browser, prefix = str(browser_of(request)), prefix_of(call.client)
        return HostDesk(browser, self.providers, self.exchange, self.relay, prefix=prefix)

    def show_audience(self, token: str) -> None:
        """Build the page of those who read along."""
        AudiencePage(self.audiences.find(token))

    def owner(self) -> str:
        """Return whose conversations a page shows that is being built: the host's, or those of one guest."""
        return owner_of(ui.context.client.request.scope)

    def news(self, text: Text) -> str:
        """Say what the engine still waits for, such as a model that is being fetched; empty if it waits for nothing."""
        news = [notice for notice in self.engine.news if notice.code not in _ON_THE_SHEET]
        return sentences(*(notice_text(notice, text) for notice in news))


_ON_THE_SHEET = {'ollama', 'ollama_empty'}  # codes of what the sheet of the mind offers
