"""What a session tells the language model behind it: checked as the service does, kept, and shown back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, cast

from .fields import Fields
from .wire import Json, JsonObject

Effort: TypeAlias = Literal['minimal', 'low', 'medium', 'high', 'xhigh']


@dataclass(frozen=True)
class Truncation:
    """How the oldest items leave a conversation that grew too long."""

    kind: Literal['auto', 'disabled', 'retention_ratio'] = 'auto'
    retention_ratio: float = 1.0
    post_instructions: int | None = None

    def wire(self) -> Json:
        if self.kind != 'retention_ratio':
            return self.kind
        shown: JsonObject = {'type': self.kind, 'retention_ratio': self.retention_ratio}
        if self.post_instructions is not None:
            shown['token_limits'] = {'post_instructions': self.post_instructions}
        return shown


@dataclass(frozen=True)
class ModelOptions:
    """These fields change nothing in a model that has no use for them. Reasoning is shown only where it was set."""

    truncation: Truncation = Truncation()
    tracing: Json = None
    prompt: Json = None
    include: tuple[str, ...] | None = None
    effort: Effort | None = None
    parallel_tool_calls: bool | None = None

    def merged(self, given: Fields) -> ModelOptions:
        """The options with the fields changed that an update of the session names. Raises `RealtimeError`."""
        return replace(
            self.overridden(given),
            truncation=_read_truncation(given, self.truncation),
            tracing=_read_tracing(given, self.tracing),
            include=read_include(given, self.include),
        )

    def overridden(self, given: Fields) -> ModelOptions:
        """The options with those changed that a single response may have for itself."""
        return replace(
            self,
            prompt=given.optional_part('prompt', None, _read_prompt) if given.has('prompt') else self.prompt,
            effort=given.optional_part('reasoning', self.effort, self._read_effort),
            parallel_tool_calls=given.optional_flag('parallel_tool_calls', self.parallel_tool_calls),
        )

    def wire(self) -> JsonObject:
        shown: JsonObject = {
            'tracing': self.tracing,
            'truncation': self.truncation.wire(),
            'prompt': self.prompt,
            'include': None if self.include is None else [*self.include],
        }
        if self.effort is not None:
            shown['reasoning'] = {'effort': self.effort}
        if self.parallel_tool_calls is not None:
            shown['parallel_tool_calls'] = self.parallel_tool_calls
        return shown

    def _read_effort(self, given: Fields) -> Effort:
        return cast(Effort, given.choice('effort', ('minimal', 'low', 'medium', 'high', 'xhigh'), self.effort))


def _read_truncation(given: Fields, current: Truncation) -> Truncation:
    if given.is_object('truncation'):
        return given.part('truncation', current, _read_retention)
    kind = given.choice('truncation', ('auto', 'disabled'), 'auto') if given.has('truncation') else None
    return Truncation(cast(Literal['auto', 'disabled'], kind)) if kind else current


def _read_retention(given: Fields) -> Truncation:
    given.choice('type', ('retention_ratio',))
    return Truncation(
        'retention_ratio',
        given.number('retention_ratio', low=0, high=1),
        given.part('token_limits', None, lambda limits: limits.integer('post_instructions', low=1)),
    )


def _read_tracing(given: Fields, current: Json) -> Json:
    if not given.has('tracing'):
        return current
    tracing: Json = None
    if given.is_object('tracing'):
        tracing = given.required_part('tracing', _read_trace)
    elif given.anything('tracing', None) is not None:
        tracing = given.choice('tracing', ('auto',))
    if current is not None and tracing != current:
        raise given.refuse('tracing', 'Tracing cannot be changed once it is enabled.')
    return tracing


def read_include(given: Fields, current: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """Read `include`: what a client wants to know in addition, None for nothing."""
    if not given.has('include'):
        return current
    return given.choices('include', _INCLUDED) if given.is_set('include') else None


def _read_trace(given: Fields) -> JsonObject:
    texts: JsonObject = {name: given.text(name) for name in ('workflow_name', 'group_id') if given.has(name)}
    return {**texts, **({'metadata': given.any_object('metadata')} if given.has('metadata') else {})}


def _read_prompt(given: Fields) -> JsonObject:
    variables = given.any_object('variables') if given.is_set('variables') else None
    return {'id': given.text('id'), 'version': given.optional_text('version', None), 'variables': variables}


_INCLUDED = ('item.input_audio_transcription.logprobs',)
