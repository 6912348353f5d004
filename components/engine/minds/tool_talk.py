"""How the rehearsal partner uses the functions that a client offers: it calls them, asks, and reads out their output.

A function is called if its name or description clearly matches what was said. Its arguments are taken from the
sentence or asked for; functions that take more than simple rules are declined.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from components.engine.protocol.items import FunctionCall, FunctionCallOutput, Message
from components.engine.protocol.tools import FunctionTool
from components.engine.protocol.wire import JsonObject

from .heard_words import split_name, split_text
from .mind import Prompt
from .plain_words import in_plain_words
from .tool_match import best_matches, match
from .tool_parameters import MissingError, fill, read_parameters


@dataclass(frozen=True)
class Call:
    """A call of a function."""

    name: str
    arguments: JsonObject


@dataclass(frozen=True)
class Question:
    """A question before one of `tools` is called: for the value of the parameter `missing`, or which of them it is."""

    text: str
    tools: tuple[FunctionTool, ...]
    heard: str
    missing: str | None = None
    answers: dict[str, str] = field(default_factory=dict)

    def answered(self, text: str) -> Plan | None:
        """Return what follows from this answer."""
        if self.missing is None:
            return _plan(f'{self.heard} {text}', self.tools) or self
        return _call(self.tools[0], self.heard, {**self.answers, self.missing: text})


Plan: TypeAlias = Call | Question | str
"""The next step: call, ask, or just say something."""


def talk_of_tools(prompt: Prompt) -> Call | str | None:
    """Return what is to be called or said about functions, None if nothing."""
    if outputs := _newest_outputs(prompt):
        return ' '.join(map(in_plain_words, outputs))
    if name := _awaited(prompt):
        return f'I am still waiting for {_in_words(name)}.'
    plan = _plan_of(_turns(prompt), prompt)
    return plan.text if isinstance(plan, Question) else plan


def _newest_outputs(prompt: Prompt) -> list[str]:
    newest = itertools.takewhile(lambda item: isinstance(item, FunctionCallOutput), reversed(prompt.items))
    return [item.output for item in newest if isinstance(item, FunctionCallOutput)][::-1]


def _awaited(prompt: Prompt) -> str | None:
    """The function that was called for the last question and has no output yet."""
    given = {item.call_id for item in prompt.items if isinstance(item, FunctionCallOutput)}
    for item in reversed(prompt.items):
        if isinstance(item, Message) and item.role == 'user':
            return None
        if isinstance(item, FunctionCall) and item.status == 'completed' and item.call_id not in given:
            return item.name
    return None


def _turns(prompt: Prompt) -> list[Message]:
    """Return the messages since the last function call, which settled everything before."""
    items = itertools.takewhile(lambda item: isinstance(item, Message), reversed(prompt.items))
    return [item for item in items if isinstance(item, Message)][:_FARTHEST_BACK][::-1]


def _plan_of(turns: Sequence[Message], prompt: Prompt) -> Plan | None:
    plan: Plan | None = None
    said = ''
    for turn in turns:
        if turn.role == 'assistant':
            said = turn.text
        elif turn.role == 'user':
            plan = _next(plan, said, turn.text, prompt.tools)
    if plan is None and prompt.must_call:
        heard = turns[-1].text if turns and turns[-1].role == 'user' else ''
        plan = _call(max(prompt.tools, key=lambda tool: match(heard, tool)), heard, {})
    return plan


def _next(plan: Plan | None, said: str, heard: str, tools: Sequence[FunctionTool]) -> Plan | None:
    """Return the next step after a sentence, which may answer the last question, even if that was cut off."""
    fresh = _plan(heard, tools)
    if not isinstance(plan, Question) or not said or not plan.text.startswith(said.rstrip()):
        return fresh
    if isinstance(fresh, Call) and fresh.name not in [tool.name for tool in plan.tools]:
        return fresh
    return None if _GIVEN_UP.intersection(split_text(heard)) else plan.answered(heard)


def _plan(heard: str, tools: Sequence[FunctionTool]) -> Plan | None:
    meant = best_matches(heard, tools)
    if len(meant) > 1:
        names = ' or '.join(f'“{_in_words(tool.name)}”' for tool in meant)
        return Question(f'Do you mean {names}?', tuple(meant), heard)
    return _call(meant[0], heard, {}) if meant else None


def _call(tool: FunctionTool, heard: str, answers: dict[str, str]) -> Plan:
    name, parameters = _in_words(tool.name), read_parameters(tool.parameters)
    if too_hard := next((each for each in parameters if each.kind == 'unknown'), None):
        return f'I cannot use “{name}”: filling in its {too_hard.in_words} takes a language model.'
    try:
        return Call(tool.name, fill(parameters, heard, answers))
    except MissingError as missing:
        parameter = missing.parameter
        question = f'What is the {parameter.in_words}? I need it for “{name}”.{parameter.hint}'
        return Question(question, (tool,), heard, parameter.name, answers)


def _in_words(name: str) -> str:
    return ' '.join(split_name(name)) or name


_FARTHEST_BACK = 12  # messages
_GIVEN_UP = frozenset(('never', 'nevermind', 'cancel', 'forget', 'nothing', 'stop'))
