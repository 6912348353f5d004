"""How the rehearsal partner works with the functions that a client offers: calls them, asks, and tells what they gave.

A function is called when its name or description clearly matches what was said. What it needs to know is taken from the
words, or asked for.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from components.engine.protocol.items import FunctionCall, FunctionCallOutput, Message
from components.engine.protocol.session_config import FunctionTool
from components.engine.protocol.wire import JsonObject

from .heard_words import Heard, split_name
from .mind import Prompt
from .plain_words import in_plain_words
from .tool_arguments import MissingError, arguments
from .tool_match import best_matches, match
from .tool_schema import read_schema


@dataclass(frozen=True)
class Call:
    """Call this function."""

    name: str
    arguments: JsonObject


@dataclass(frozen=True)
class Question:
    """Ask before one of `tools` is called. The answer is the value of the parameter `missing`, or tells which tool."""

    text: str
    tools: tuple[FunctionTool, ...]
    heard: str
    missing: str | None = None
    answers: dict[str, Heard] = field(default_factory=dict)

    def answered(self, text: str) -> Plan:
        if self.missing is None:
            return _plan(f'{self.heard} {text}', self.tools) or self
        return _call(self.tools[0], self.heard, {**self.answers, self.missing: Heard(text)})


Plan: TypeAlias = Call | Question


def talk_of_tools(prompt: Prompt) -> Call | str | None:
    """What is to be done or said about functions, None if nothing."""
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
    """The function that was called for the last question and has not given anything yet."""
    given = {item.call_id for item in prompt.items if isinstance(item, FunctionCallOutput)}
    for item in reversed(prompt.items):
        if isinstance(item, Message) and item.role == 'user':
            return None
        if isinstance(item, FunctionCall) and item.status == 'completed' and item.call_id not in given:
            return item.name
    return None


def _turns(prompt: Prompt) -> list[Message]:
    """What was said since the last function call, which has settled all that was said before."""
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
        plan = _call(max(prompt.tools, key=lambda tool: match(Heard(heard), tool)), heard, {})
    return plan


def _next(plan: Plan | None, said: str, heard: str, tools: Sequence[FunctionTool]) -> Plan | None:
    """What to do about the next sentence: it may answer the question that was asked, which may have been cut off."""
    fresh = _plan(heard, tools)
    if not isinstance(plan, Question) or not said or not plan.text.startswith(said.rstrip()):
        return fresh
    if isinstance(fresh, Call) and fresh.name not in [tool.name for tool in plan.tools]:
        return fresh
    return None if _GIVEN_UP.intersection(Heard(heard).words) else plan.answered(heard)


def _plan(heard: str, tools: Sequence[FunctionTool]) -> Plan | None:
    meant = best_matches(Heard(heard), tools)
    if len(meant) > 1:
        names = ' or '.join(f'“{_in_words(tool.name)}”' for tool in meant)
        return Question(f'Do you mean {names}?', tuple(meant), heard)
    return _call(meant[0], heard, {}) if meant else None


def _call(tool: FunctionTool, heard: str, answers: dict[str, Heard]) -> Plan:
    try:
        return Call(tool.name, arguments(read_schema(tool.parameters), Heard(heard), answers))
    except MissingError as missing:
        question = f'What is the {_in_words(missing.name)}? I need it for “{_in_words(tool.name)}”.'
        if choices := [each for each in missing.schema.choices if isinstance(each, str)]:
            question += f' It can be {", ".join(choices[:_MOST_NAMED])}.'
        elif missing.schema.kind == 'boolean':
            question += ' Say yes or no.'
        elif missing.schema.low is not None and missing.schema.high is not None:
            question += f' It can be from {missing.schema.low:g} to {missing.schema.high:g}.'
        return Question(question, (tool,), heard, missing.name, answers)


def _in_words(name: str) -> str:
    return ' '.join(split_name(name)) or name


_FARTHEST_BACK = 12  # messages
_MOST_NAMED = 8
_GIVEN_UP = frozenset(('never', 'nevermind', 'cancel', 'forget', 'nothing', 'stop'))
