"""One session of the Realtime API: the client's events and sound in, the service's events and sound out."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from components.engine.hearing.ears import Began, Ears, Ended, Idled, Paused, Utterance
from components.engine.protocol.audio_config import AudioOutput
from components.engine.protocol.client_events import (
    AppendInput,
    CancelResponse,
    ClearInput,
    ClearOutput,
    ClientEvent,
    CommitInput,
    CreateItem,
    CreateResponse,
    DeleteItem,
    RetrieveItem,
    TruncateItem,
    UpdateSession,
    read_event,
)
from components.engine.protocol.errors import RealtimeError, internal_error
from components.engine.protocol.items import Message, size_of
from components.engine.protocol.reading import parse_json
from components.engine.protocol.response_input import ResponseInput
from components.engine.protocol.session_config import AnyConfig, SessionConfig
from components.engine.protocol.wire import EventValue, Json, new_id
from components.engine.stages import Recognition, Stages
from components.engine.transport.transport import Transport

from .dialogue import Dialogue
from .recordings import Recordings
from .response_options import ResponseOptions

logger = logging.getLogger(__name__)


class Session:
    """A conversation with one client, whatever the transport.

    `hear` takes the sound of the microphone, `receive` the client's messages; events and sound leave by `transport`.
    Nothing that a client sends ends the session: mistakes are answered with an `error` event.
    """

    def __init__(
        self,
        config: AnyConfig,
        stages: Stages,
        transport: Transport,
        *,
        expires_at: int,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.id = new_id('sess')
        self.life_at = now()
        """When somebody last spoke, wrote or was answered, in Unix seconds."""
        self._now = now
        self._nudging = False  # the answer was given only because of a silence
        self.config = config
        self._expires_at = expires_at
        self._stages = stages
        self._transport = transport
        self._dialogue = Dialogue(stages, transport.audio_output, self._emit)
        self._turn_detection = config.turn_detection
        self._ears = Ears(
            self._listen,
            self._turn_detection,
            unheard_ms=lambda: self._dialogue.unheard_ms,
            answering=lambda: self._dialogue.is_heard,
        )
        self._recordings = Recordings()

    def open(self) -> None:
        """Tell the client how the session is configured."""
        self._emit('session.created', session=self._wire())
        self._prepare()

    def hear(self, pcm: bytes) -> None:
        """Take the next sound of the microphone: mono s16 at `HEARING_RATE`, in pieces of any size.

        An answer pauses as soon as the user may be speaking, and continues if they are not. This makes interruptions
        faster than the turn detector, which has to be sure.
        """
        for event in self._ears.feed(pcm):
            match event:
                case Began():
                    self._begin_turn(event)
                case Paused():
                    self._expect_answer(event)
                case Ended():
                    self._end_turn(event)
                case Idled():
                    self._end_silence(event)
        if self._ears.utterance or (self._dialogue.is_heard and not self._nudging):
            self.life_at = self._now()
        self._stream_words()
        interruptible = self._turn_detection is not None and self._turn_detection.interrupt_response
        self._transport.audio_output.hold(interruptible and self._ears.suspects)

    def receive(self, message: str | bytes) -> None:
        """Take a client event as JSON. Reports what is wrong with it to the client."""
        with self._reported_errors():
            if len(message) > (longest := self._transport.longest_message):
                raise RealtimeError(f'An event may have {longest} bytes at most.', code='invalid_event')
            given = parse_json(message)
            event_id = given.get('event_id') if isinstance(given, dict) else None
            with self._reported_errors(event_id if isinstance(event_id, str) else None):
                self._handle(read_event(given))

    def expire(self) -> None:
        """Tell the client that the session has reached its maximum duration."""
        error = RealtimeError('Your session hit the maximum duration of 60 minutes.', code='session_expired')
        self._emit('error', **error.event())

    async def close(self) -> None:
        """Stop everything that this session does."""
        self._ears.clear()
        await self._dialogue.close()

    def _listen(self) -> Recognition:
        transcription = self.config.input.transcription
        return self._stages.ears.hear(language=transcription.language if transcription else None)

    def _stream_words(self) -> None:
        """Send the new words of the user who is speaking, if the transcription model does so."""
        utterance, transcription = self._ears.utterance, self.config.input.transcription
        if utterance and transcription and transcription.streams:
            words = utterance.hearing.partial
            if len(words) > len(utterance.streamed):
                self._dialogue.stream_words(utterance.item_id, words[len(utterance.streamed) :])
                utterance.streamed = words

    def _emit(self, type: str, /, **fields: EventValue) -> None:
        self._transport.send({'type': type, 'event_id': new_id('event'), **fields})

    def _wire(self) -> dict[str, Json]:
        return self.config.session(id=self.id, expires_at=self._expires_at)

    @contextmanager
    def _reported_errors(self, cause: str | None = None) -> Iterator[None]:
        try:
            yield
        except RealtimeError as error:
            self._emit('error', **error.event(cause))
        except Exception:
            logger.exception('A client event failed')
            self._emit('error', **internal_error().event(cause))

    def _handle(self, event: ClientEvent) -> None:
        match event:
            case UpdateSession():
                self._update(event.session)
            case AppendInput():
                self._transport.append(event.audio, self.config.input.format.type)
            case CommitInput():
                self._note_user()
                self._commit(self._ears.commit())
            case ClearInput():
                self._clear_input()
            case ClearOutput():
                self._dialogue.stop_playback()
            case CreateItem():
                self._note_user()
                self._create_item(event)
            case RetrieveItem():
                self._retrieve_item(event.item_id)
            case TruncateItem():
                self._truncate_item(event)
            case DeleteItem():
                self._delete_item(event.item_id)
            case CreateResponse():
                self._create_response(event.response)
            case CancelResponse():
                self._dialogue.cancel(event.response_id)

    def _note_user(self) -> None:
        self.life_at = self._now()
        self._nudging = False

    def _begin_turn(self, began: Began) -> None:
        self._note_user()
        self._emit('input_audio_buffer.speech_started', audio_start_ms=began.audio_start_ms, item_id=began.item_id)
        if self._turn_detection and self._turn_detection.interrupt_response:
            self._dialogue.interrupt()

    def _expect_answer(self, paused: Paused) -> None:
        if self._turn_detection and self._turn_detection.create_response and isinstance(self.config, SessionConfig):
            self._dialogue.expect(paused.words, ResponseOptions.of(self.config))

    def _end_turn(self, ended: Ended) -> None:
        item_id = ended.utterance.item_id
        self._emit('input_audio_buffer.speech_stopped', audio_end_ms=ended.audio_end_ms, item_id=item_id)
        self._commit(ended.utterance)
        self._respond_automatically()

    def _end_silence(self, idled: Idled) -> None:
        self._nudging = True
        self._emit(
            'input_audio_buffer.timeout_triggered',
            audio_start_ms=idled.audio_start_ms,
            audio_end_ms=idled.audio_end_ms,
            item_id=idled.utterance.item_id,
        )
        self._commit(idled.utterance)
        self._respond_automatically()

    def _commit(self, utterance: Utterance) -> None:
        self._recordings.keep(utterance.item_id, bytes(utterance.pcm))
        self._dialogue.commit(utterance, transcribed=self.config.input.transcription is not None)

    def _respond_automatically(self) -> None:
        if self._turn_detection and self._turn_detection.create_response:
            with self._reported_errors():
                self._dialogue.respond(ResponseOptions.of(self._conversing()))

    def _update(self, update: AnyConfig) -> None:
        config = self.config.merged(update)
        if isinstance(config, SessionConfig):
            self._check_voice(config.audio.output)
        self.config = config
        self._turn_detection = config.turn_detection
        lost = self._ears.configure(self._turn_detection)
        self._emit('session.updated', session=self._wire())
        if lost:
            self._emit('input_audio_buffer.cleared')
        self._prepare()

    def _prepare(self) -> None:
        """Let the mind work ahead on the instructions."""
        if isinstance(self.config, SessionConfig):
            self._dialogue.prepare(ResponseOptions.of(self.config))

    def _clear_input(self) -> None:
        self._ears.clear()
        self._emit('input_audio_buffer.cleared')

    def _create_item(self, event: CreateItem) -> None:
        item = event.item.item()
        items = [*self._dialogue.conversation.items, item]
        if len(items) > _MOST_ITEMS or sum(map(size_of, items)) > _LARGEST_CONVERSATION:
            raise RealtimeError(
                'This conversation is full. Delete items, or begin a new session.', code='conversation_full'
            )
        self._dialogue.add(item, after=event.previous_item_id)

    def _retrieve_item(self, item_id: str) -> None:
        item = self._dialogue.conversation.retrieve(item_id)
        shown = item.wire()
        audio = self._recordings.encoded(item.id, self.config.input.format.type)
        if isinstance(item, Message) and audio and len(audio) + _ENVELOPE <= self._transport.longest_event:
            shown['content'] = [{**part.wire(), 'audio': audio} for part in item.content]
        self._emit('conversation.item.retrieved', item=shown)

    def _truncate_item(self, event: TruncateItem) -> None:
        index, end = event.content_index, event.audio_end_ms
        self._dialogue.conversation.truncate(event.item_id, index, end)
        self._emit('conversation.item.truncated', item_id=event.item_id, content_index=index, audio_end_ms=end)

    def _delete_item(self, item_id: str) -> None:
        self._dialogue.conversation.remove(item_id)
        self._recordings.forget(item_id)
        self._emit('conversation.item.deleted', item_id=item_id)

    def _create_response(self, given: ResponseInput | None) -> None:
        options = ResponseOptions.of(self._conversing())
        if given:
            options = options.merged(given, self._dialogue.conversation)
        self._check_voice(options.voice)
        self._dialogue.respond(options)

    def _conversing(self) -> SessionConfig:
        """Return the configuration of a conversation. Raises `RealtimeError` in a session that only transcribes."""
        if isinstance(self.config, SessionConfig):
            return self.config
        raise RealtimeError('A transcription session makes no responses.', code='invalid_event', param='type')

    def _check_voice(self, output: AudioOutput) -> None:
        if self._dialogue.voice_used and output.voice != self._conversing().audio.output.voice:
            raise RealtimeError(
                "Cannot update a conversation's voice if assistant audio is present.",
                code='cannot_update_voice',
                param='session.audio.output.voice',
            )


_MOST_ITEMS = 2_000
_LARGEST_CONVERSATION = 64_000_000  # characters
_ENVELOPE = 16_384  # bytes; more than the transcript of the longest sound that fits into a data channel's message
