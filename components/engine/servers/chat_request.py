"""A conversation in the words of the chat completions API, which nearly every server of language models speaks."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING

from components.engine.minds.mind import Prompt
from components.engine.protocol.items import FunctionCall, FunctionCallOutput, Message, Part
from components.engine.protocol.tools import FunctionTool
from components.engine.protocol.wire import JsonObject

if TYPE_CHECKING:  # the package is slow to load, and a local model needs only the types
    from openai.types.chat import (
        ChatCompletionAssistantMessageParam,
        ChatCompletionContentPartParam,
        ChatCompletionMessageParam,
        ChatCompletionToolUnionParam,
    )
    from openai.types.chat.completion_create_params import CompletionCreateParamsStreaming


def chat_request(prompt: Prompt, *, model: str) -> CompletionCreateParamsStreaming:
    """Return the parameters that ask `model` for a streamed answer."""
    request: CompletionCreateParamsStreaming = {'model': model, 'stream': True, 'messages': _messages(prompt)}
    if prompt.max_tokens is not None:
        request['max_tokens'] = prompt.max_tokens
    if prompt.tools:
        request['tools'] = [_tool(tool) for tool in prompt.tools]
        request['tool_choice'] = 'required' if prompt.must_call else 'auto'
    return request


def _messages(prompt: Prompt) -> list[ChatCompletionMessageParam]:
    messages: list[ChatCompletionMessageParam] = []
    if prompt.instructions.strip():
        messages.append({'role': 'system', 'content': prompt.instructions})
    outputs = {item.call_id: item.output for item in prompt.items if isinstance(item, FunctionCallOutput)}
    made = {item.call_id for item in prompt.items if isinstance(item, FunctionCall)}
    for kind, group in itertools.groupby(prompt.items, type):
        items = list(group)
        if kind is FunctionCall:
            _add_calls(messages, [item for item in items if isinstance(item, FunctionCall)], outputs)
        for item in items:
            if isinstance(item, Message) and (item.text or item.role == 'user'):
                messages.append(_message(item))
            elif isinstance(item, FunctionCallOutput) and item.call_id not in made:
                messages.append({'role': 'user', 'content': f'A function returned: {item.output}'})
    return messages


def _add_calls(
    messages: list[ChatCompletionMessageParam], calls: Sequence[FunctionCall], outputs: dict[str, str]
) -> None:
    """Add calls that were made together, and at once their outputs, as servers require. Half a call is left out."""
    made = [call for call in calls if call.status == 'completed']
    if not made:
        return
    said: ChatCompletionAssistantMessageParam = {'role': 'assistant', 'content': None}
    if messages and messages[-1]['role'] == 'assistant':
        said = messages[-1]
        messages.pop()
    said['tool_calls'] = [
        {'id': call.call_id, 'type': 'function', 'function': {'name': call.name, 'arguments': call.arguments}}
        for call in made
    ]
    messages.append(said)
    for call in made:
        output = outputs.get(call.call_id, _NO_OUTPUT)
        messages.append({'role': 'tool', 'tool_call_id': call.call_id, 'content': output})


def _message(message: Message) -> ChatCompletionMessageParam:
    match message.role:
        case 'system':
            return {'role': 'system', 'content': message.text}
        case 'assistant':
            return {'role': 'assistant', 'content': message.text}
    if any(part.kind == 'input_image' for part in message.content):
        return {'role': 'user', 'content': [_part(part) for part in message.content]}
    return {'role': 'user', 'content': message.text or _NO_WORDS}


def _part(part: Part) -> ChatCompletionContentPartParam:
    if part.kind != 'input_image':
        return {'type': 'text', 'text': part.text or _NO_WORDS}
    url = part.text or ''
    match part.detail:
        case 'auto' | 'low' | 'high':
            return {'type': 'image_url', 'image_url': {'url': url, 'detail': part.detail}}
    return {'type': 'image_url', 'image_url': {'url': url}}


def _tool(tool: FunctionTool) -> ChatCompletionToolUnionParam:
    schema = tool.parameters if isinstance(tool.parameters, dict) and tool.parameters else _NO_PARAMETERS
    return {
        'type': 'function',
        'function': {'name': tool.name, 'description': tool.description, 'parameters': {**schema}},
    }


_NO_PARAMETERS: JsonObject = {'type': 'object', 'properties': {}}
_NO_WORDS = '(not understood)'  # stands for speech in which nothing was recognised
_NO_OUTPUT = '(no result yet)'
