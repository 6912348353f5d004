"""The request that asks a server of a language model to go on with a conversation."""

from typing import Any

from components.engine.minds.mind import Prompt
from components.engine.protocol.items import FunctionCall, FunctionCallOutput, Item, Message, Part
from components.engine.protocol.tools import FunctionTool
from components.engine.servers.chat_request import chat_request

WEATHER = FunctionTool('get_weather', 'Looks it up.', {'type': 'object', 'properties': {'city': {'type': 'string'}}})


def messages(*items: Item, instructions: str = '') -> Any:
    return chat_request(Prompt(items, instructions), model='small')['messages']


def said(role: Any, text: str) -> Message:
    return Message(role, [Part('output_audio' if role == 'assistant' else 'input_text', text)])


def test_messages_keep_their_roles() -> None:
    spoken = Message('user', [Part('input_audio', 'hello', 800)])
    assert messages(spoken, said('assistant', 'Hi!'), said('system', 'Be brief.'), instructions='Be kind.') == [
        {'role': 'system', 'content': 'Be kind.'},
        {'role': 'user', 'content': 'hello'},
        {'role': 'assistant', 'content': 'Hi!'},
        {'role': 'system', 'content': 'Be brief.'},
    ]


def test_speech_without_words_is_mentioned_and_an_unheard_answer_is_not() -> None:
    unheard = Message('user', [Part('input_audio', None, 300)])
    assert messages(said('assistant', ''), unheard) == [{'role': 'user', 'content': '(not understood)'}]


def test_images_are_included() -> None:
    image = Part('input_image', 'data:image/png;base64,AAAA', detail='low')
    [message] = messages(Message('user', [Part('input_text', 'What is this?'), image]))
    assert message['content'] == [
        {'type': 'text', 'text': 'What is this?'},
        {'type': 'image_url', 'image_url': {'url': 'data:image/png;base64,AAAA', 'detail': 'low'}},
    ]


def test_outputs_of_functions_follow_their_calls_at_once() -> None:
    conversation: list[Item] = [
        said('assistant', 'Let me see.'),
        FunctionCall('get_weather', 'call_1', '{"city": "Rome"}'),
        FunctionCall('get_time', 'call_2', '{}'),
        FunctionCall('get_news', 'call_3', '{"ab', status='incomplete'),
        said('user', 'Hurry up.'),
        FunctionCallOutput('call_1', 'Rain.'),
    ]
    chat = messages(*conversation)
    assert [(each['role'], each['content']) for each in chat] == [
        ('assistant', 'Let me see.'),
        ('tool', 'Rain.'),
        ('tool', '(no result yet)'),
        ('user', 'Hurry up.'),
    ]
    assert chat[0]['tool_calls'] == [
        {'id': 'call_1', 'type': 'function', 'function': {'name': 'get_weather', 'arguments': '{"city": "Rome"}'}},
        {'id': 'call_2', 'type': 'function', 'function': {'name': 'get_time', 'arguments': '{}'}},
    ]
    assert [each['tool_call_id'] for each in chat[1:3]] == ['call_1', 'call_2']


def test_an_output_whose_call_was_deleted_is_not_lost() -> None:
    assert messages(FunctionCallOutput('call_1', 'Rain.')) == [
        {'role': 'user', 'content': 'A function returned: Rain.'}
    ]


def test_tools_and_limits() -> None:
    plain: Any = chat_request(Prompt(()), model='small')
    assert plain == {'model': 'small', 'stream': True, 'messages': []}

    request: Any = chat_request(Prompt((), '', (WEATHER, FunctionTool('stop')), max_tokens=50), model='small')
    assert request['max_tokens'] == 50
    assert request['tool_choice'] == 'auto'
    assert [each['function']['name'] for each in request['tools']] == ['get_weather', 'stop']
    assert request['tools'][0]['function']['parameters'] == WEATHER.parameters
    assert request['tools'][1]['function']['parameters'] == {'type': 'object', 'properties': {}}
    assert chat_request(Prompt((), '', (WEATHER,), must_call=True), model='small')['tool_choice'] == 'required'
