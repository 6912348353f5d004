"""A conversation in the words of the chat completions API, which nearly every server of language models speaks."""

import itertools
from collections.abc import Sequence

from components.engine.minds.mind import Prompt
from components.engine.protocol.items import FunctionCall, FunctionCallOutput, Message, Part
from components.engine.protocol.session_config import FunctionTool
from components.engine.protocol.wire import Json, JsonObject


def chat_request(prompt: Prompt, *, model: str) -> JsonObject:
    """The body of `POST /chat/completions` that asks for a streamed answer."""
    request: JsonObject = {'model': model, 'stream': True, 'messages': [*_messages(prompt)]}
    if prompt.max_tokens is not None:
        request['max_tokens'] = prompt.max_tokens
    if prompt.tools:
        request['tools'] = [_tool(tool) for tool in prompt.tools]
        request['tool_choice'] = 'required' if prompt.must_call else 'auto'
    return request


def _messages(prompt: Prompt) -> list[JsonObject]:
    messages: list[JsonObject] = []
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
                messages.append({'role': item.role, 'content': _content(item)})
            elif isinstance(item, FunctionCallOutput) and item.call_id not in made:
                messages.append({'role': 'user', 'content': f'A function gave: {item.output}'})
    return messages


def _add_calls(messages: list[JsonObject], calls: Sequence[FunctionCall], outputs: dict[str, str]) -> None:
    """Calls made together, followed at once by what they gave, as servers insist. Half a call was never made."""
    made = [call for call in calls if call.status == 'completed']
    if not made:
        return
    said = (
        messages.pop() if messages and messages[-1]['role'] == 'assistant' else {'role': 'assistant', 'content': None}
    )
    asked: list[Json] = [
        {'id': call.call_id, 'type': 'function', 'function': {'name': call.name, 'arguments': call.arguments}}
        for call in made
    ]
    messages.append({**said, 'tool_calls': asked})
    for call in made:
        output = outputs.get(call.call_id, _NO_OUTPUT)
        messages.append({'role': 'tool', 'tool_call_id': call.call_id, 'content': output})


def _content(message: Message) -> Json:
    if any(part.kind == 'input_image' for part in message.content):
        return [_part(part) for part in message.content]
    return message.text or _NO_WORDS


def _part(part: Part) -> Json:
    if part.kind == 'input_image':
        detail: JsonObject = {} if part.detail is None else {'detail': part.detail}
        return {'type': 'image_url', 'image_url': {'url': part.text, **detail}}
    return {'type': 'text', 'text': part.text or _NO_WORDS}


def _tool(tool: FunctionTool) -> Json:
    parameters = tool.parameters or {'type': 'object', 'properties': {}}
    return {
        'type': 'function',
        'function': {'name': tool.name, 'description': tool.description, 'parameters': parameters},
    }


_NO_WORDS = '(not understood)'  # speech without words, which a model should know of
_NO_OUTPUT = '(no result yet)'
