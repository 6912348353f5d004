"""One session of the Realtime API: the client's events and sound in, the service's events and sound out."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from components.engine.hearing.ears import Began, Ears, Ended, Idled, Utterance
from components.engine.hearing.turn_detector import TurnDetection
from components.engine.protocol.any_config import AnyConfig
from components.engine.protocol.errors import RealtimeError, internal_error
from components.engine.protocol.fields import Fields, parse_object
from components.engine.protocol.ids import new_id
from components.engine.protocol.items import Message, read_item, size_of
from components.engine.protocol.response_options import ResponseOptions
from components.engine.protocol.session_config import SessionConfig
from components.engine.protocol.wire import Json
from components.engine.stages import Recognition, Stages
from components.engine.transport.transport import Transport

from .dialogue import Dialogue
from .recordings import Recordings

logger = logging.getLogger(__name__)


class Session:
    """A conversation with one client, whatever the transport.

    `hear` takes the microphone's sound, `receive` the client's messages; events and sound leave by `transport`. Nothing
    that a client sends ends the session: what is wrong with it comes back as an `error` event.
    """

    def __init__(self, config: AnyConfig, stages: Stages, transport: Transport, *, expires_at: int) -> None:
        self.id = new_id('sess')
        self.config = config
        self._expires_at = expires_at
        self._stages = stages
        self._transport = transport
        self._dialogue = Dialogue(stages, transport.audio_output, self._emit)
        self._ears = Ears(self._listen, self._turn_detection, unheard_ms=lambda: self._dialogue.unheard_ms)
        self._recordings = Recordings()
        self._handlers: dict[str, Callable[[Fields], None]] = {
            'session.update': self._update,
            'input_audio_buffer.append': self._append,
            'input_audio_buffer.commit': self._commit,
            'input_audio_buffer.clear': self._clear_input,
            'output_audio_buffer.clear': self._clear_output,
            'conversation.item.create': self._create_item,
            'conversation.item.retrieve': self._retrieve_item,
            'conversation.item.truncate': self._truncate_item,
            'conversation.item.delete': self._delete_item,
            'response.create': self._create_response,
            'response.cancel': self._cancel_response,
        }

    def open(self) -> None:
        self._emit('session.created', session=self._wire())

    def hear(self, pcm: bytes) -> None:
        """Take the next sound of the microphone: mono s16 at `HEARING_RATE`, in pieces of any size.

        An answer pauses as soon as the user may be speaking, and goes on if they are not: that spares an interruption
        the time in which the turn detector makes sure.
        """
        for event in self._ears.feed(pcm):
            match event:
                case Began():
                    self._notice_speech(event)
                case Ended():
                    self._take_turn(event)
                case Idled():
                    self._end_silence(event)
        interruptible = self._turn_detection is not None and self._turn_detection.interrupt_response
        self._transport.audio_output.hold(interruptible and self._ears.suspects)

    def receive(self, message: str | bytes) -> None:
        """Take a client event."""
        with self._errors_told():
            if len(message) > (longest := self._transport.longest_message):
                raise RealtimeError(f'An event may have {longest} bytes at most.', code='invalid_event')
            event = parse_object(message)
            event_id = event.anything('event_id', None)
            with self._errors_told(event_id if isinstance(event_id, str) else None):
                event.optional_text('event_id', None)
                self._handlers[event.choice('type', self._handlers)](event)

    def tell(self, error: RealtimeError) -> None:
        """Tell the client of an error that no event of theirs has caused."""
        self._emit('error', **error.event())

    def expire(self) -> None:
        """Tell the client that the session has lasted as long as it may."""
        self.tell(RealtimeError('Your session hit the maximum duration of 60 minutes.', code='session_expired'))

    async def close(self) -> None:
        """Stop everything that this session does."""
        self._ears.clear()
        await self._dialogue.close()
        self._stages.ears.forget(self.id)

    @property
    def _turn_detection(self) -> TurnDetection | None:
        return self.config.input.turn_detection

    @property
    def _transcribed(self) -> bool:
        return self.config.input.transcription is not None

    def _listen(self) -> Recognition:
        transcription = self.config.input.transcription
        return self._stages.ears.hear(self.id, language=transcription.language if transcription else None)

    def _emit(self, type: str, /, **fields: Json) -> None:
        self._transport.send({'type': type, 'event_id': new_id('event'), **fields})

    def _wire(self) -> dict[str, Json]:
        return self.config.wire(session_id=self.id, expires_at=self._expires_at)

    @contextmanager
    def _errors_told(self, cause: str | None = None) -> Iterator[None]:
        try:
            yield
        except RealtimeError as error:
            self._emit('error', **error.event(cause))
        except Exception:
            logger.exception('A client event failed')
            self._emit('error', **internal_error().event(cause))

    def _notice_speech(self, began: Began) -> None:
        self._emit('input_audio_buffer.speech_started', audio_start_ms=began.audio_start_ms, item_id=began.item_id)
        if self._turn_detection and self._turn_detection.interrupt_response:
            self._dialogue.interrupt()

    def _take_turn(self, ended: Ended) -> None:
        item_id = ended.utterance.item_id
        self._emit('input_audio_buffer.speech_stopped', audio_end_ms=ended.audio_end_ms, item_id=item_id)
        self._take(ended.utterance)
        self._respond_by_itself()

    def _end_silence(self, idled: Idled) -> None:
        self._emit(
            'input_audio_buffer.timeout_triggered',
            audio_start_ms=idled.audio_start_ms,
            audio_end_ms=idled.audio_end_ms,
            item_id=idled.utterance.item_id,
        )
        self._take(idled.utterance)
        self._respond_by_itself()

    def _take(self, utterance: Utterance) -> None:
        self._recordings.keep(utterance.item_id, bytes(utterance.pcm))
        self._dialogue.commit(utterance, transcribed=self._transcribed)

    def _respond_by_itself(self) -> None:
        if self._turn_detection and self._turn_detection.create_response:
            with self._errors_told():
                self._dialogue.respond(ResponseOptions.of(self._conversing()))

    def _update(self, event: Fields) -> None:
        merge: Callable[[Fields], AnyConfig] = self.config.merged
        config = event.required_part('session', merge)
        event.finish()
        if isinstance(config, SessionConfig):
            self._check_voice(config.audio.output.voice)
        self.config = config
        self._ears.configure(self._turn_detection)
        self._emit('session.updated', session=self._wire())

    def _append(self, event: Fields) -> None:
        sound = event.sound('audio', longest=_LONGEST_AUDIO)
        event.finish()
        self._transport.append(sound, self.config.input.format)

    def _commit(self, event: Fields) -> None:
        event.finish()
        self._take(self._ears.commit())

    def _clear_input(self, event: Fields) -> None:
        event.finish()
        self._ears.clear()
        self._emit('input_audio_buffer.cleared')

    def _clear_output(self, event: Fields) -> None:
        event.finish()
        self._dialogue.hush()

    def _create_item(self, event: Fields) -> None:
        after = event.optional_text('previous_item_id', None)
        item = event.required_part('item', read_item)
        event.finish()
        items = [*self._dialogue.conversation.items, item]
        if len(items) > _MOST_ITEMS or sum(map(size_of, items)) > _LARGEST_CONVERSATION:
            raise RealtimeError(
                'This conversation is full. Delete items, or begin a new session.', code='conversation_full'
            )
        self._dialogue.add(item, after=after)

    def _retrieve_item(self, event: Fields) -> None:
        item = self._dialogue.conversation.get(event.text('item_id'))
        event.finish()
        shown = item.wire()
        audio = self._recordings.encoded(item.id, self.config.input.format)
        if isinstance(item, Message) and audio and len(audio) + _ENVELOPE <= self._transport.longest_event:
            shown['content'] = [{**part.wire(), 'audio': audio} for part in item.content]
        self._emit('conversation.item.retrieved', item=shown)

    def _truncate_item(self, event: Fields) -> None:
        item_id = event.text('item_id')
        content_index = event.integer('content_index', 0)
        end = event.integer('audio_end_ms')
        event.finish()
        self._dialogue.conversation.truncate(item_id, content_index, end)
        self._emit('conversation.item.truncated', item_id=item_id, content_index=content_index, audio_end_ms=end)

    def _delete_item(self, event: Fields) -> None:
        item_id = event.text('item_id')
        event.finish()
        self._dialogue.conversation.remove(item_id)
        self._recordings.forget(item_id)
        self._emit('conversation.item.deleted', item_id=item_id)

    def _create_response(self, event: Fields) -> None:
        options = ResponseOptions.of(self._conversing())
        options = event.part('response', options, lambda given: options.merged(given, self._dialogue.conversation))
        event.finish()
        self._check_voice(options.voice.voice)
        self._dialogue.respond(options)

    def _cancel_response(self, event: Fields) -> None:
        response_id = event.optional_text('response_id', None)
        event.finish()
        self._dialogue.cancel(response_id)

    def _conversing(self) -> SessionConfig:
        """The configuration, of a session that makes responses. Raises `RealtimeError` in one that only writes down."""
        if isinstance(self.config, SessionConfig):
            return self.config
        raise RealtimeError('No responses are made in a transcription session.', code='invalid_event', param='type')

    def _check_voice(self, voice: str) -> None:
        if self._dialogue.voice_used and voice != self._conversing().audio.output.voice:
            raise RealtimeError(
                "Cannot update a conversation's voice if assistant audio is present.",
                code='cannot_update_voice',
                param='session.audio.output.voice',
            )


_MOST_ITEMS = 2_000
_LARGEST_CONVERSATION = 64_000_000  # characters
_ENVELOPE = 16_384  # bytes; more than the words of the longest sound that fits into a data channel's message
_LONGEST_AUDIO = 15 * 1024 * 1024  # characters of base64, as the service has it
