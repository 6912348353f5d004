"""The turns of a conversation: recognises what the user says, begins answers and interrupts them."""

import asyncio
import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from functools import partial

from components.engine.hearing.ears import Utterance
from components.engine.hearing.hallucinations import without_hallucinations
from components.engine.minds.mind import Piece, PreparableMind, Prompt, QuickMind
from components.engine.protocol.errors import RealtimeError
from components.engine.protocol.items import Item, Message, Part
from components.engine.protocol.wire import Json
from components.engine.speech.speech_process import SpeechError
from components.engine.stages import Stages
from components.engine.transport.transport import AudioOutput

from .conversation import Conversation
from .head_start import HeadStart
from .output_item import Emit
from .response import Response
from .response_options import ResponseOptions


class Dialogue:
    """The ongoing conversation of one session.

    `voice_used` becomes true when the assistant has spoken. From then on its voice cannot change.
    """

    def __init__(self, stages: Stages, audio_output: AudioOutput, emit: Emit) -> None:
        self.conversation = Conversation()
        self.voice_used = False
        self._voice = stages.voice
        self._abilities = stages.abilities
        self._mind = stages.mind
        self._speaks_ahead = stages.speaks_ahead
        self._turnstile = stages.turnstile
        self._head_start: HeadStart | None = None
        self._head_starts: set[asyncio.Task[None]] = set()
        self._audio_output = audio_output
        self._emit = emit
        self._responses: dict[Response, asyncio.Task[None]] = {}
        self._audible: list[Response] = []
        self._last: Response | None = None
        self._recognitions: set[asyncio.Task[None]] = set()
        self._reported_no_recogniser = False
        self._reported_no_synthesiser = False
        self._unrecognised: tuple[Item, str] | None = None  # the last message that could not be recognised, and why

    @property
    def unheard_ms(self) -> int | None:
        """How many milliseconds of the last answer the user has yet to hear. None if it is not the user's turn."""
        if self._last is None or self._active() or self._audible:
            return None
        playback = self._last.playback
        return 0 if playback is None or playback.started else playback.milliseconds

    @property
    def is_heard(self) -> bool:
        """Whether the user hears an answer that goes on for more than a moment, and that can pause.

        In its last moment somebody who says 'yes' means it as an answer.
        """
        return any(
            playback.started and (response.active or playback.milliseconds - playback.played_ms > _LAST_MOMENT_MS)
            for response in self._audible
            if (playback := response.playback)
        )

    def add(self, item: Item, *, after: str | None = None) -> None:
        """Add a finished item and tell the client."""
        self.conversation.add(item, after=after)
        previous = self.conversation.previous_id(item)
        self._emit('conversation.item.added', previous_item_id=previous, item=item.wire())
        self._emit('conversation.item.done', previous_item_id=previous, item=item.wire())

    def commit(self, utterance: Utterance, *, transcribed: bool) -> None:
        """Add what the user said and recognise it. With `transcribed`, the client gets the words as well."""
        item = Message('user', [Part('input_audio', None, utterance.milliseconds)], id=utterance.item_id)
        previous = self.conversation.last_id
        self._emit('input_audio_buffer.committed', previous_item_id=previous, item_id=item.id)
        self.add(item)
        recognition = asyncio.create_task(self._recognise(item, utterance, transcribed))
        self._recognitions.add(recognition)
        recognition.add_done_callback(self._recognitions.discard)
        recognition.add_done_callback(lambda _: utterance.hearing.abort())  # even if it was cancelled before it began

    def stream_words(self, item_id: str, text: str) -> None:
        """Send more of the transcript of an utterance, word by word."""
        for word in re.findall(r'\s*\S+', text):
            self._emit(
                'conversation.item.input_audio_transcription.delta', item_id=item_id, content_index=0, delta=word
            )

    def prepare(self, options: ResponseOptions) -> None:
        """Let a mind that can work ahead do so, before the user has said anything."""
        if isinstance(self._mind, PreparableMind):
            self._mind.prepare(Prompt(tuple(self._context(options)), options.instructions, options.callable_tools))

    def expect(self, words: str, options: ResponseOptions) -> None:
        """Begin to speak the answer, in case the user has finished with these words and nothing else comes between."""
        self._drop_head_start()
        if not (self._speaks_ahead and self._abilities.synthesiser and options.modality == 'audio'):
            return
        context = (*self._context(options), Message('user', [Part('input_audio', words)]))
        answer = self._mind.draft(self._prompt(context, options)) if isinstance(self._mind, QuickMind) else None
        if answer:
            self._head_start = HeadStart(answer, options, self._synthesise)
            self._head_starts.add(self._head_start.task)
            self._head_start.task.add_done_callback(self._head_starts.discard)

    def respond(self, options: ResponseOptions) -> None:
        """Begin a response. Raises `RealtimeError` if the conversation already has one in progress."""
        if options.in_conversation and (active := self._active()):
            raise RealtimeError(
                f'Conversation already has an active response in progress: {active.id}. '
                'Wait until the response is finished before creating a new one.',
                code='conversation_already_has_active_response',
            )
        if len(self._responses) >= _MOST_RESPONSES:
            raise RealtimeError(
                f'There are {_MOST_RESPONSES} responses in progress. Wait until one of them is finished.',
                code='rate_limit_exceeded',
            )
        if options.modality == 'audio' and not self._abilities.synthesiser:
            self._report_no_synthesiser()
            options = options.as_text()
        context = partial(self._context, options)
        response = Response(
            options, self.conversation, emit=self._emit, context=context, speak=partial(self._speak, options)
        )
        response.announce()
        if options.modality == 'audio':
            response.playback = self._audio_output.begin(
                on_started=partial(self._emit, 'output_audio_buffer.started', response_id=response.id),
                on_stopped=partial(self._stopped, response),
                format=options.voice.format.type,
            )
            self._audible.append(response)
        self._last = response
        task = asyncio.create_task(response.run(self._answer(options)))
        self._responses[response] = task
        task.add_done_callback(lambda _: self._responses.pop(response, None))

    def cancel(self, response_id: str | None) -> None:
        """Stop making the named response, or that of the conversation. What has been made is still played.

        Raises `RealtimeError` (`response_cancel_not_active`) if there is none.
        """
        for response, task in list(self._responses.items()):
            wanted = response.id == response_id if response_id else response.options.in_conversation
            if wanted and response.active:
                response.cancel('client_cancelled')
                task.cancel()
                return
        raise RealtimeError('Cancellation failed: no active response found', code='response_cancel_not_active')

    def interrupt(self) -> None:
        """Stop making the answer and playing it, because the user speaks."""
        if active := self._active():
            active.cancel('turn_detected')
            self._responses[active].cancel()
        self.stop_playback()

    def stop_playback(self) -> None:
        """Stop playing. The conversation loses what was not heard."""
        lost = self._audio_output.flush()
        silenced = [response for response in self._audible if response.playback in lost]
        self._audible = [response for response in self._audible if response not in silenced and response.active]
        for response in silenced:
            if response.playback and response.playback.started:
                self._emit('output_audio_buffer.cleared', response_id=response.id)
            self._truncate(response)

    async def close(self) -> None:
        """Stop everything without telling the client."""
        tasks = [*self._responses.values(), *self._recognitions, *self._head_starts]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _active(self) -> Response | None:
        """Return the response that the conversation is waiting for."""
        return next((each for each in self._responses if each.active and each.options.in_conversation), None)

    def _context(self, options: ResponseOptions) -> list[Item]:
        return self.conversation.items if options.context is None else list(options.context)

    async def _answer(self, options: ResponseOptions) -> AsyncGenerator[Piece, None]:
        if self._recognitions:
            await asyncio.wait(self._recognitions)
        context = self._context(options)
        if not self._reported_no_recogniser and not self._abilities.recogniser and _was_spoken(context):
            self._reported_no_recogniser = True
            yield self._abilities.recogniser_problem
            return
        if self._abilities.recogniser and self._unrecognised and context and context[-1] is self._unrecognised[0]:
            raise SpeechError(self._unrecognised[1])
        async with aclosing(self._mind.answer(self._prompt(context, options))) as pieces:
            async for piece in pieces:
                yield piece

    def _prompt(self, context: Sequence[Item], options: ResponseOptions) -> Prompt:
        return Prompt(
            tuple(context), options.instructions, options.callable_tools, options.must_call, options.max_output_tokens
        )

    async def _speak(self, options: ResponseOptions, piece: str) -> AsyncGenerator[bytes, None]:
        ahead = self._head_start
        if ahead and (ahead.spoken, ahead.options) == (piece, options):
            self._head_start = None
            sound = ahead.sound()
        else:
            self._drop_head_start()
            sound = self._synthesise(options, piece)
        async with aclosing(sound):
            async for pcm in sound:
                await self._turnstile.pass_through()
                self.voice_used = True
                yield pcm

    def _synthesise(self, options: ResponseOptions, piece: str) -> AsyncGenerator[bytes, None]:
        voice = options.voice
        return self._voice.speak(piece, voice=voice.voice, speed=voice.speed, language=options.language)

    def _drop_head_start(self) -> None:
        if self._head_start:
            self._head_start.drop()
            self._head_start = None

    async def _recognise(self, item: Message, utterance: Utterance, transcribed: bool) -> None:
        problem = None
        try:
            item.content[0].text = without_hallucinations(await utterance.hearing.finish(), utterance.voiced_ms)
        except SpeechError as error:
            item.content[0].text = ''
            self._unrecognised = item, str(error)
            problem = RealtimeError(str(error), code='transcription_failed', type='server_error')
        if transcribed:
            self._send_transcript(item, utterance, problem)

    def _send_transcript(self, item: Message, utterance: Utterance, problem: RealtimeError | None) -> None:
        place: dict[str, Json] = {'item_id': item.id, 'content_index': 0}
        text = item.content[0].text or ''
        if problem:
            return self._emit('conversation.item.input_audio_transcription.failed', **place, **problem.body())
        if text.startswith(utterance.streamed):  # else the completed transcript corrects what was streamed
            self.stream_words(item.id, text[len(utterance.streamed) :])
        self._emit(
            'conversation.item.input_audio_transcription.completed',
            **place,
            transcript=text,
            usage={'type': 'duration', 'seconds': -(-utterance.milliseconds // 1000)},
        )
        return None

    def _stopped(self, response: Response) -> None:
        self._audible.remove(response)
        if response.playback and response.playback.started:
            self._emit('output_audio_buffer.stopped', response_id=response.id)

    def _truncate(self, response: Response) -> None:
        item, playback = response.message, response.playback
        if item and playback and item in self.conversation.items:
            heard_ms = min(playback.played_ms, item.content[0].milliseconds)
            self.conversation.truncate(item.id, 0, heard_ms)
            self._emit('conversation.item.truncated', item_id=item.id, content_index=0, audio_end_ms=heard_ms)

    def _report_no_synthesiser(self) -> None:
        if not self._reported_no_synthesiser:
            self._reported_no_synthesiser = True
            problem = self._abilities.synthesiser_problem
            error = RealtimeError(problem, code='synthesiser_missing', type='server_error', status=500)
            self._emit('error', **error.event())


def _was_spoken(context: list[Item]) -> bool:
    last = context[-1] if context else None
    return isinstance(last, Message) and any(part.kind == 'input_audio' for part in last.content)


_MOST_RESPONSES = 16  # at once; all but one are out of band
_LAST_MOMENT_MS = 1000
