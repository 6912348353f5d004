"""The Python half of a voice call."""

import asyncio
import math
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import cache
from inspect import signature
from typing import Any
from uuid import uuid4

from nicegui import background_tasks, events, ui

from components.providers.error import ProviderError
from components.providers.ticket import CallTransport, Ticket
from components.settings.settings import Transport
from components.widgets.permission.permission import PERMISSION
from components.words.page import language

from .batch_interval import SHORTEST_MS, BatchInterval
from .idle_clock import IdleClock
from .inbox import Inbox
from .lag import Lag
from .reports import (
    CallState,
    EventRecord,
    RungReport,
    StateReport,
    Undelivered,
    event_record,
    rung_report,
    state_report,
    undelivered,
)

TICKET_SECONDS = 15.0
"""How long a browser waits for a ticket, see `ladder.js`."""

GRACE_SECONDS = 1.0
"""Between the message to the page and the end of a forgotten call, so that the message arrives first."""

_batch_interval = BatchInterval(Lag())  # of all pages, which share the event loop


class VoiceCall(
    ui.element,
    component='voice_call.js',
    dependencies=['transport/*.js', 'sound/*.js', 'turns/*.js', 'link/*.js', 'page/*.js', 'parts/*.js', PERMISSION],
):
    """The call button with what belongs to a call: both waveforms and the status line.

    The browser half holds the microphone and the connection, and sound never passes through Python, but for what is
    recorded, see `record_to`. Children become tools below the button.
    """

    def __init__(
        self,
        *,
        ticket: Callable[[CallTransport], Awaitable[Ticket]],
        on_state: Callable[[StateReport], None] = lambda report: None,
        on_rung: Callable[[RungReport], None] = lambda report: None,
        on_events: Callable[[list[EventRecord]], None] = lambda records: None,
        on_undelivered: Callable[[Undelivered], None] = lambda undelivered: None,
        seeds: Callable[[], list[dict[str, Any]]] = list,
        on_approach: Callable[[], None] = lambda: None,
        push_to_talk: bool = False,
        transport: Transport = 'auto',
        transcribes_first: bool = False,
        on_push_to_talk: Callable[[bool], None] = lambda wanted: None,
        hang_up_after: float = 0.0,
        on_forgotten: Callable[[str], Awaitable[None]] | None = None,
        life_at: Callable[[str], float] = lambda call_id: -math.inf,
        version: str = '',
    ) -> None:
        """Create a call in the state `idle`.

        :param ticket: makes the ticket for one call by a transport, when the button is pressed; may raise
          `ProviderError`
        :param on_state: called when the call enters a state
        :param on_rung: called when a rung of the ladder is reached, passed or failed
        :param on_events: called with the protocol's events, both directions, in order, without sound
        :param on_undelivered: called with what the page before this one had not delivered of the same conversation, see
          `conversation`
        :param seeds: makes the client events that tell a call what was said before it; they are sent before all others
        :param on_approach: called when a pointer or the focus comes to the button, a moment before a press
        :param push_to_talk: whether the user takes turns by hand; keep it up to date with the session
        :param transport: how the next call's sound travels
        :param transcribes_first: whether the service of the next call answers speech only after its transcript
        :param on_push_to_talk: called when the user wants to take turns by hand, or no longer
        :param hang_up_after: seconds in which nobody has spoken or written after which a call hangs up; 0 is never
        :param on_forgotten: called with the service's id of a call that must be hung up because its browser does not,
          '' if the browser does not know it
        :param life_at: gives the Unix time at which somebody last spoke in the call with this id, as far as Python can
          see without the browser, whose socket may be away
        :param version: the program's version, shown in the help
        """
        super().__init__()
        self.props['run'] = _run()
        self.props['version'] = version
        self.props['texts'] = language().section('call')
        self.props['failures'] = language().section('failures')
        self.props['push-to-talk'] = push_to_talk
        self.props['transport'] = transport
        self.props['transcribes-first'] = transcribes_first
        self._on_lost: Callable[[], object] = lambda: None
        self._ticket, self._seeds = ticket, seeds
        self._on_state, self._on_rung, self._on_events = on_state, on_rung, on_events
        self._on_undelivered = on_undelivered
        self._undelivered: list[Undelivered] = []  # parts of it that have come
        self._inbox = Inbox()
        self._batch_ms = SHORTEST_MS  # of the page
        self._on_forgotten = on_forgotten
        self._call_id = ''
        self._idle = IdleClock(self._hang_up_forgotten, lambda: life_at(self._call_id))
        self.hang_up_after = hang_up_after
        # add all listeners here: adding one later would remount the element, which ends the call
        self.on('approach', lambda: on_approach(), [])
        self.on('push-to-talk', lambda e: on_push_to_talk(bool(e.args)))
        self.on('ticket', self._handle_ticket)
        self.on('reports', self._handle_reports)
        self.on('undelivered', self._handle_undelivered)
        self.on('lost', lambda: self._on_lost(), [])
        self.client.on_connect(lambda: self.run_method('resume', self._inbox.count))

    @property
    def conversation(self) -> str:
        """Identifies what the calls are about. The browser keeps what it has not delivered, unless this is empty."""
        return str(self.props.get('conversation', ''))

    @conversation.setter
    def conversation(self, conversation: str) -> None:
        self.props['conversation'] = conversation

    def seek_undelivered(self, conversation: str, on_lost: Callable[[], object]) -> None:
        """Take over what the page before had not delivered of another conversation, of which nothing was stored.

        :param conversation: identifies that conversation
        :param on_lost: called if the browser has nothing of it either
        """
        self.props['missing'] = conversation
        self._on_lost = on_lost

    @property
    def record_to(self) -> str:
        """The address to which the browser sends recordings of the sound; if it is empty, nothing is recorded."""
        return str(self.props.get('record-to', ''))

    @record_to.setter
    def record_to(self, url: str) -> None:
        self.props['record-to'] = url

    @property
    def push_to_talk(self) -> bool:
        """Whether the user takes turns by hand. If so, the microphone is closed between turns."""
        return bool(self.props['push-to-talk'])

    @push_to_talk.setter
    def push_to_talk(self, push_to_talk: bool) -> None:
        self.props['push-to-talk'] = push_to_talk

    @property
    def transport(self) -> Transport:
        """How the next call's sound travels."""
        transport: Transport = self.props['transport']
        return transport

    @transport.setter
    def transport(self, transport: Transport) -> None:
        self.props['transport'] = transport

    @property
    def hang_up_after(self) -> float:
        """Seconds in which nobody has spoken or written after which a call hangs up; 0 is never."""
        return self._idle.limit

    @hang_up_after.setter
    def hang_up_after(self, seconds: float) -> None:
        self._idle.limit = self.props['hang-up-after'] = seconds
        self._idle.note_life()  # of somebody who has changed it

    @property
    def transcribes_first(self) -> bool:
        """Whether the service of the next call answers speech only after its transcript.

        If so, turns taken by hand are answered only if they hold words, which costs no time.
        """
        return bool(self.props['transcribes-first'])

    @transcribes_first.setter
    def transcribes_first(self, transcribes_first: bool) -> None:
        self.props['transcribes-first'] = transcribes_first

    def send(self, event: dict[str, Any]) -> None:
        """Send a client event of the Realtime API. It is dropped if no call is live."""
        self.run_method('send', event)

    def greet(self, event: dict[str, Any]) -> None:
        """Let the AI speak first by this `response.create`, unless the user has already spoken."""
        self.run_method('greet', event)

    def revise(self, item_ids: Sequence[str], message: dict[str, Any] | None) -> None:
        """Delete items from the conversation, and say something else, or ask for another answer. Needs a live call.

        :param item_ids: the items to delete
        :param message: what to say: its `text` and `images`; without it another answer is asked for
        """
        self.run_method('revise', item_ids, message)

    def note(self, sentence: str) -> None:
        """Show a sentence in the status line for a while."""
        self.run_method('tell', sentence)

    def fail(self, code: str) -> None:
        """End the call as failed.

        :param code: says why, see `failure`
        """
        self.run_method('fail', code)

    def call_again(self) -> None:
        """End the call and place a new one, as pressing the button twice would."""
        self.run_method('call_again')

    async def _handle_ticket(self, e: events.GenericEventArguments) -> None:
        id = e.args['id']
        try:
            async with asyncio.timeout(TICKET_SECONDS):
                await self._inbox.reach(e.args['reports'])
            ticket = await self._ticket('relay' if e.args['transport'] == 'relay' else 'webrtc')
        except ProviderError as error:
            self.run_method('receive_ticket', id, None, {'code': error.code, 'detail': error.detail})
        except TimeoutError:
            pass  # the browser has given this ticket up by now
        except Exception:
            self.run_method('receive_ticket', id, None, {'code': 'unknown', 'detail': ''})
            raise
        else:
            fields = {'url': ticket.url, 'token': ticket.token, 'ahead': ticket.ahead, 'seeds': self._seeds()}
            self.run_method('receive_ticket', id, fields)

    def _handle_reports(self, e: events.GenericEventArguments) -> None:
        batch_ms = _batch_interval.measure()
        received = self._inbox.receive(e.args)
        if received.missing:
            self.run_method('resume', self._inbox.count)
        elif received.confirm or batch_ms != self._batch_ms:
            self._batch_ms = batch_ms
            self.run_method('confirm', self._inbox.count, batch_ms)
        records: list[EventRecord] = []
        for report in received.reports:
            if report.get('kind') == 'event':
                if record := event_record(report):
                    records.append(record)
                continue
            self._pass_on(records)
            if report.get('kind') == 'state' and (state := state_report(report)):
                self._follow(state)
                self._on_state(state)
            elif report.get('kind') == 'life':
                self._idle.note_life()
            elif report.get('kind') == 'rung' and (rung := rung_report(report)):
                self._on_rung(rung)
        self._pass_on(records)

    # NiceGUI asks for the signature of a handler with each event: looking for it would take longer than the words
    _handle_reports.__signature__ = signature(_handle_reports)  # type: ignore[attr-defined]

    def _follow(self, report: StateReport) -> None:
        """Watch whether a live call is forgotten."""
        if report.state is CallState.LIVE:
            self._call_id = report.call_id
            background_tasks.create(self._idle.run(), name='watch whether the call is forgotten')
        elif report.state is CallState.ENDED:
            self._idle.stop()

    async def _hang_up_forgotten(self) -> None:
        if not self.is_deleted:  # the page may be gone although its call goes on
            self.fail('forgotten')
        await asyncio.sleep(GRACE_SECONDS)
        if self._on_forgotten:
            await self._on_forgotten(self._call_id)

    def _handle_undelivered(self, e: events.GenericEventArguments) -> None:
        known = {self.conversation, self.props.get('missing')}
        if (part := undelivered(e.args)) and part.conversation in known:
            self._undelivered.append(part)
        if e.args.get('last') and self._undelivered:
            events = [event for part in self._undelivered for event in part.events]
            self._on_undelivered(replace(self._undelivered[0], events=events))
            self._undelivered.clear()
            self.run_method('forget_undelivered')

    def _pass_on(self, records: list[EventRecord]) -> None:
        if records:
            self._on_events(records.copy())
            records.clear()


@cache
def _run() -> str:
    """Return what identifies this run of the program, so that a page can distinguish a restart from a reload."""
    return uuid4().hex
