"""Requests for llama.cpp, and the chunks of its answers."""

from typing import Any, cast

from components.engine.minds.mind import Prompt
from components.engine.protocol.wire import Json, JsonObject
from components.engine.servers.chat_answer import CallDelta, Delta
from components.engine.servers.chat_request import chat_request


def llama_request(prompt: Prompt, *, max_tokens: int) -> dict[str, Any]:
    """Return the request for llama.cpp. Pictures become a remark, as small models do not see."""
    request = cast(dict[str, Any], {**chat_request(prompt, model='')})
    for message in request['messages']:
        if isinstance(message['content'], list):
            parts = [part.get('text', _PICTURE) for part in message['content']]
            message['content'] = ' '.join(parts)
    if prompt.must_call:
        # llama.cpp does not enforce `required` with some models' templates (its issue 27217), but always a schema.
        request |= {'tool_choice': 'none', 'response_format': _call_format(prompt)}
    return {
        **request,
        'max_tokens': max_tokens,
        'temperature': _TEMPERATURE,
        'cache_prompt': True,
        'return_progress': True,  # between the parts of a long prompt, so that it can be cancelled
        'chat_template_kwargs': {'enable_thinking': False},  # silence is no answer in a conversation
    }


def _call_format(prompt: Prompt) -> JsonObject:
    """Return the format of an answer that is a function call."""
    calls: list[Json] = [
        {
            'type': 'object',
            'properties': {'name': {'const': tool.name}, 'arguments': tool.parameters or {'type': 'object'}},
            'required': ['name', 'arguments'],
        }
        for tool in prompt.tools
    ]
    return {'type': 'json_schema', 'json_schema': {'name': 'call', 'schema': {'anyOf': calls}}}


def read_chunk(chunk: dict[str, Any]) -> Delta:
    """Read a chunk of a streamed answer."""
    choice = chunk['choices'][0]
    delta = choice['delta']
    return Delta(
        text=delta.get('content') or '',
        calls=[
            CallDelta(call['index'], call.get('id') or '', function.get('name') or '', function.get('arguments'))
            for call in delta.get('tool_calls', [])
            for function in [call.get('function', {})]
        ],
        finish_reason=choice.get('finish_reason') or '',
    )


_TEMPERATURE = 0.6
_PICTURE = '(a picture, which you cannot see)'
