"""What all pages of one program share, built once at the start."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nicegui import App, helpers

from components.call.call import VoiceCall
from components.desk.exchange import Exchange
from components.desk.guest_desk import GuestDesk
from components.desk.host_desk import HostDesk
from components.engine import Engine, StageServers
from components.providers.engine import MOUNTED_AT, notice_text
from components.providers.providers import Providers
from components.relay.relay import Relay
from components.settings.catalogue import CATALOGUES
from components.settings.voice_samples import VoiceSamples
from components.sharing.calls.guest_page import GuestsVoiceCall
from components.sharing.door.access import HostsOnly
from components.sharing.host.audience import Audiences
from components.sharing.middleware import guard, let_guests_in
from components.sharing.share import Share
from components.sharing.visitor import Guest, browser_of, visitor
from components.words.language import Text, sentences

from .command_line import CommandLine


@dataclass(frozen=True)
class Services:
    """Who answers calls, how their sound and tickets travel, and who else may join."""

    engine: Engine
    providers: Providers
    exchange: Exchange
    relay: Relay
    samples: VoiceSamples
    audiences: Audiences
    share: Share | None

    @classmethod
    def build(cls, environ: Mapping[str, str], command: CommandLine, data: Path) -> Services:
        """Build all services; without any network, except for the port that guests use.

        Exits the program with one sentence if the environment or the command line contradicts itself.

        :param data: the folder of what the program keeps
        """
        try:
            engine = Engine(servers=StageServers.from_environment(environ))
            providers = Providers.from_environment(
                environ,
                engine.app,
                engine_problems=engine.problems,
                engine_notes=engine.notes,
            )
        except ValueError as error:
            sys.exit(str(error))
        CATALOGUES.update(providers.catalogues)
        engine.local_only = not command.shares
        return cls(
            engine=engine,
            providers=providers,
            exchange=Exchange(providers, browser_of=browser_of),
            relay=Relay(providers, browser_of=browser_of),
            samples=VoiceSamples(CATALOGUES['engine'].voices, engine.speak),
            audiences=Audiences(),
            share=None if helpers.is_user_simulation() else command.share(data / 'sharing'),
        )

    def attach(self, app: App) -> None:
        """Serve the engine, tickets, relay and samples by this app, guard it, and end the services when it ends."""
        app.mount(MOUNTED_AT, HostsOnly(self.engine.app))
        app.router.routes.extend([self.exchange.route, self.relay.route, self.samples.route])
        if not helpers.is_user_simulation():
            guard(app, self.providers.origins)
        if self.share:
            let_guests_in(app, self.share, self.providers.origins)
        for end in (self.relay.close, self.engine.stop, self.exchange.close, self.providers.close):
            app.on_shutdown(end)

    def desk(self, call: VoiceCall) -> HostDesk | GuestDesk:
        """Return the desk that makes the tickets of one page's call."""
        request = call.client.request
        guest = visitor(request.scope)
        if isinstance(guest, Guest):
            assert self.share  # its door let the guest in
            limits = self.share.calls.of_page(guest, GuestsVoiceCall(call))
            return GuestDesk(guest.id, limits, self.exchange, self.relay)
        return HostDesk(str(browser_of(request)), self.providers, self.exchange, self.relay)

    def news(self, text: Text) -> str:
        """Say what the engine still waits for, such as a model that is being fetched; empty if it waits for nothing."""
        return sentences(*(notice_text(remark, text) for remark in self.engine.news))
