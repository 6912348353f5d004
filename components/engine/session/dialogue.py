"""Who speaks when: the turns of one conversation, recognised, answered and interrupted."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from functools import partial

from components.engine.hearing.ears import Utterance
from components.engine.minds.mind import Piece, Prompt
from components.engine.protocol.errors import RealtimeError
from components.engine.protocol.items import Item, Message, Part
from components.engine.protocol.wire import Json
from components.engine.speech.speech_process import SpeechError
from components.engine.stages import Stages
from components.engine.transport.transport import AudioOutput

from .conversation import Conversation
from .output_item import Emit
from .response import Response
from .response_options import ResponseOptions


class Dialogue:
    """The conversation of one session as it goes on.

    `voice_used` is true once the assistant has spoken: its voice is fixed from then on.
    """

    def __init__(self, stages: Stages, audio_output: AudioOutput, emit: Emit) -> None:
        self.conversation = Conversation()
        self.voice_used = False
        self._voice = stages.voice
        self._abilities = stages.abilities
        self._mind = stages.mind
        self._audio_output = audio_output
        self._emit = emit
        self._responses: dict[Response, asyncio.Task[None]] = {}
        self._audible: list[Response] = []
        self._last: Response | None = None
        self._recognitions: set[asyncio.Task[None]] = set()
        self._told_deaf = False
        self._told_mute = False
        self._unheard: tuple[Item, str] | None = None  # what could not be recognised last, and the problem

    @property
    def unheard_ms(self) -> int | None:
        """How much of the last answer the user has yet to hear, now that it is their turn; None when it is not."""
        if self._last is None or self._active() or self._audible:
            return None
        playback = self._last.playback
        return 0 if playback is None or playback.started else playback.milliseconds

    def add(self, item: Item, *, after: str | None = None) -> None:
        """Add a finished item and tell the client."""
        self.conversation.add(item, after=after)
        previous = self.conversation.previous_id(item)
        self._emit('conversation.item.added', previous_item_id=previous, item=item.wire())
        self._emit('conversation.item.done', previous_item_id=previous, item=item.wire())

    def commit(self, utterance: Utterance, *, transcribed: bool) -> None:
        """The user has said something; its words follow. With `transcribed` the client gets them as well."""
        item = Message('user', [Part('input_audio', None, utterance.milliseconds)], id=utterance.item_id)
        previous = self.conversation.last_id
        self._emit('input_audio_buffer.committed', previous_item_id=previous, item_id=item.id)
        self.add(item)
        recognition = asyncio.create_task(self._recognise(item, utterance, transcribed))
        self._recognitions.add(recognition)
        recognition.add_done_callback(self._recognitions.discard)

    def respond(self, options: ResponseOptions) -> None:
        """Begin a response. Raises `RealtimeError` when the conversation has one already."""
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
            self._say_mute()
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
        """Stop making the named response, or the conversation's. What is made already is still played."""
        for response, task in list(self._responses.items()):
            wanted = response.id == response_id if response_id else response.options.in_conversation
            if wanted and response.active:
                response.cancel('client_cancelled')
                task.cancel()
                return
        raise RealtimeError('Cancellation failed: no active response found', code='response_cancel_not_active')

    def interrupt(self) -> None:
        """The user speaks: stop making the answer, and playing it."""
        if active := self._active():
            active.cancel('turn_detected')
            self._responses[active].cancel()
        self.hush()

    def hush(self) -> None:
        """Stop playing. What was not heard leaves the conversation."""
        lost = self._audio_output.flush()
        silenced = [response for response in self._audible if response.playback in lost]
        self._audible = [response for response in self._audible if response not in silenced and response.active]
        for response in silenced:
            if response.playback and response.playback.started:
                self._emit('output_audio_buffer.cleared', response_id=response.id)
            self._truncate(response)

    async def close(self) -> None:
        """Stop everything, silently."""
        tasks = [*self._responses.values(), *self._recognitions]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _active(self) -> Response | None:
        """The response that the conversation is waiting for."""
        return next((each for each in self._responses if each.active and each.options.in_conversation), None)

    def _context(self, options: ResponseOptions) -> list[Item]:
        return self.conversation.items if options.context is None else list(options.context)

    async def _answer(self, options: ResponseOptions) -> AsyncGenerator[Piece, None]:
        if self._recognitions:
            await asyncio.wait(self._recognitions)
        context = self._context(options)
        if not self._told_deaf and not self._abilities.recogniser and _was_spoken(context):
            self._told_deaf = True
            yield self._abilities.recogniser_problem
            return
        if self._abilities.recogniser and self._unheard and context and context[-1] is self._unheard[0]:
            raise SpeechError(self._unheard[1])
        prompt = Prompt(
            tuple(context), options.instructions, options.callable_tools, options.must_call, options.max_output_tokens
        )
        async with aclosing(self._mind.answer(prompt)) as pieces:
            async for piece in pieces:
                yield piece

    async def _speak(self, options: ResponseOptions, piece: str) -> AsyncGenerator[bytes, None]:
        voice = options.voice
        async with aclosing(self._voice.speak(piece, voice=voice.voice, speed=voice.speed)) as sound:
            async for pcm in sound:
                self.voice_used = True
                yield pcm

    async def _recognise(self, item: Message, utterance: Utterance, transcribed: bool) -> None:
        problem = None
        try:
            item.content[0].text = await utterance.hearing.finish()
        except SpeechError as error:
            item.content[0].text = ''
            self._unheard = item, str(error)
            problem = RealtimeError(str(error), code='transcription_failed', type='server_error')
        if transcribed:
            self._tell_transcript(item, utterance.milliseconds, problem)

    def _tell_transcript(self, item: Message, milliseconds: int, problem: RealtimeError | None) -> None:
        place: dict[str, Json] = {'item_id': item.id, 'content_index': 0}
        text = item.content[0].text or ''
        if problem:
            return self._emit('conversation.item.input_audio_transcription.failed', **place, **problem.body())
        for index, word in enumerate(text.split()):
            delta = f' {word}' if index else word
            self._emit('conversation.item.input_audio_transcription.delta', **place, delta=delta)
        self._emit(
            'conversation.item.input_audio_transcription.completed',
            **place,
            transcript=text,
            usage={'type': 'duration', 'seconds': -(-milliseconds // 1000)},
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

    def _say_mute(self) -> None:
        if not self._told_mute:
            self._told_mute = True
            problem = self._abilities.synthesiser_problem
            error = RealtimeError(problem, code='synthesiser_missing', type='server_error', status=500)
            self._emit('error', **error.event())


def _was_spoken(context: list[Item]) -> bool:
    last = context[-1] if context else None
    return isinstance(last, Message) and any(part.kind == 'input_audio' for part in last.content)


_MOST_RESPONSES = 16  # all but one out of band
