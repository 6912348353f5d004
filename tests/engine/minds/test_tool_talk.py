"""How the rehearsal partner uses a client's functions: what it calls, what it asks first, and what it declines."""

import itertools
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.engine.minds.mind import Prompt
from components.engine.minds.tool_talk import Call, talk_of_tools
from components.engine.protocol.items import FunctionCall, FunctionCallOutput, Item, Message, Part
from components.engine.protocol.tools import FunctionTool
from components.engine.protocol.wire import Json


def tool(name: str, description: str = '', *, required: list[str] | None = None, **properties: Json) -> FunctionTool:
    schema: Json = {'type': 'object', 'properties': properties, 'required': [*(required or [])]}
    return FunctionTool(name, description, schema)


WEATHER = tool('get_weather', 'Look up the weather for a city.', city={'type': 'string'}, required=['city'])
LIGHT = tool(
    'turn_on_light',
    'Turns a light in a room on or off.',
    room={'type': 'string', 'enum': ['kitchen', 'living room', 'bath']},
    on={'type': 'boolean'},
    required=['room'],
)
TIMER = tool(
    'set_timer',
    'Starts a timer.',
    minutes={'type': 'integer', 'minimum': 1, 'maximum': 90},
    label={'type': 'string'},
    required=['minutes'],
)
CANCEL = tool('cancel_timer', 'Stops the timer.')
ADD = tool('add_numbers', 'Adds.', a={'type': 'number'}, b={'type': 'number'}, required=['a', 'b'])
PIZZA = tool(
    'order_pizza',
    'Orders a pizza.',
    toppings={'type': 'array', 'items': {'type': 'string', 'enum': ['ham', 'olives', 'extra cheese']}},
    extra_hot={'type': 'boolean'},
    required=['toppings'],
)
LETTER = tool('send_letter', to={'type': 'string'}, text={'type': 'string'}, required=['to', 'text'])
OVEN = tool('heat_oven', degrees={'type': 'number', 'maximum': 250}, fan={'type': 'boolean'}, required=['degrees'])
TOOLS = (WEATHER, LIGHT, TIMER, CANCEL, ADD, PIZZA, LETTER, OVEN)


def user(text: str) -> Message:
    return Message('user', [Part('input_text', text)])


def assistant(text: str) -> Message:
    return Message('assistant', [Part('output_audio', text, 1000)])


def talk(*items: Item | str, tools: tuple[FunctionTool, ...] = TOOLS, must_call: bool = False) -> Call | str | None:
    """Return the next step after these items; texts are the user's and, in turn, the assistant's."""
    roles = itertools.cycle((user, assistant))
    said = [role(item) if isinstance(item, str) else item for role, item in zip(roles, items, strict=False)]
    return talk_of_tools(Prompt(tuple(said), tools=tools, must_call=must_call))


@pytest.mark.parametrize(
    ('heard', 'name', 'arguments'),
    [
        ('What is the weather in London?', 'get_weather', {'city': 'London'}),
        ('whether in new york please', 'get_weather', {'city': 'new york'}),
        ('tell me the weather for Paris today', 'get_weather', {'city': 'Paris'}),
        ('turn on the lights in the kitchen', 'turn_on_light', {'room': 'kitchen', 'on': True}),
        ('turn on the ledge in the kitchen', 'turn_on_light', {'room': 'kitchen', 'on': True}),
        ('turn the light off in the living room', 'turn_on_light', {'room': 'living room', 'on': False}),
        ('set a timer for five minutes called pasta', 'set_timer', {'minutes': 5, 'label': 'pasta'}),
        ('please set the timer to one hour', 'set_timer', {'minutes': 60}),
        ('start a timer for a hundred and twenty seconds', 'set_timer', {'minutes': 2}),
        ('cancel the timer', 'cancel_timer', {}),
        ('add the numbers two and minus three point five', 'add_numbers', {'a': 2, 'b': -3.5}),
        ('heat the oven to a hundred and eighty degrees with fan', 'heat_oven', {'degrees': 180, 'fan': True}),
        ('heat the oven to 200.5 without the fan', 'heat_oven', {'degrees': 200.5, 'fan': False}),
    ],
)
def test_a_function_that_clearly_fits_is_called(heard: str, name: str, arguments: dict[str, Any]) -> None:
    assert talk(heard) == Call(name, arguments)


@pytest.mark.parametrize(
    'heard',
    [
        '',
        'hello',
        'what time is it',
        'tell me about the moon',
        'turn around',
        'who are you',
        'thank you',
        'yes please',
        'add',
    ],
)
def test_a_sentence_about_something_else_calls_nothing(heard: str) -> None:
    assert talk(heard) is None
    assert talk(heard, tools=()) is None


@pytest.mark.parametrize(
    ('heard', 'question'),
    [
        ('what is the weather like', 'What is the city? I need it for “get weather”.'),
        ('turn on the light', 'It can be kitchen, living room, bath.'),
        ('turn on the light in the kitchen and the bath', 'What is the room?'),
        ('set a timer', 'What is the minutes? I need it for “set timer”. It can be from 1 to 90.'),
        ('set a timer for two hundred minutes', 'It can be from 1 to 90.'),
        ('set a timer for five or six minutes', 'What is the minutes?'),
        ('add the numbers two and three and four', 'What is the a?'),
    ],
)
def test_a_missing_parameter_is_asked_for(heard: str, question: str) -> None:
    asked = talk(heard)
    assert isinstance(asked, str)
    assert question in asked


@pytest.mark.parametrize('answer', ['London', 'in London please', 'It is London.'])
def test_the_answer_to_a_question_completes_the_call(answer: str) -> None:
    question = talk('what is the weather like')
    assert isinstance(question, str)
    assert talk('what is the weather like', question, answer) == Call('get_weather', {'city': 'London'})
    assert talk('what is the weather like', question[:9], answer) == Call('get_weather', {'city': 'London'}), 'cut off'
    assert talk('what is the weather like', 'Sorry?', answer) is None, 'this was no answer'


def test_one_question_may_follow_another() -> None:
    first = talk('add the numbers')
    second = talk('add the numbers', str(first), 'two')
    assert second == 'What is the b? I need it for “add numbers”.'
    assert talk('add the numbers', str(first), 'two', second, 'forty two') == Call('add_numbers', {'a': 2, 'b': 42})


def test_an_answer_that_does_not_fit_is_asked_for_again_until_it_is_given_up() -> None:
    question = talk('set a timer')
    assert talk('set a timer', str(question), 'a blue car') == question
    assert talk('set a timer', str(question), 'never mind') is None
    assert talk('set a timer', str(question), 'weather in Rome') == Call('get_weather', {'city': 'Rome'})


def test_it_asks_which_of_two_fitting_functions_is_meant() -> None:
    tools = (tool('open_door', 'Opens it.'), tool('open_window', 'Opens it.'))
    both = 'open door or window'
    assert talk(both, tools=tools) == 'Do you mean “open door” or “open window”?'
    assert talk('open the window', tools=tools) == Call('open_window', {})


def test_a_required_call_is_made() -> None:
    assert talk('goodbye', tools=(CANCEL,), must_call=True) == Call('cancel_timer', {})
    assert talk(tools=(CANCEL,), must_call=True) == Call('cancel_timer', {})
    assert talk('goodbye', tools=(WEATHER,), must_call=True) == 'What is the city? I need it for “get weather”.'


def test_function_outputs_are_read_out_once() -> None:
    items: list[Item] = [
        user('weather in Rome'),
        FunctionCall('get_weather', 'call_1', '{}'),
        FunctionCallOutput('call_1', 'Rain'),
    ]
    assert talk(*items[:2]) == 'I am still waiting for get weather.'
    assert talk(*items) == 'Rain.'
    assert talk(*items, FunctionCallOutput('call_2', '{"wind": 3}')) == 'Rain. The wind is 3.'
    assert talk(*items, assistant('Rain.')) is None
    assert talk(*items, assistant('Rain.'), user('thanks')) is None


@pytest.mark.parametrize(
    ('heard', 'said'),
    [
        ('order a pizza with ham', 'I cannot use “order pizza”: filling in its toppings takes a language model.'),
        ('send a letter to Bob', 'I cannot use “send letter”: filling in its text takes a language model.'),
    ],
)
def test_a_function_that_takes_more_than_rules_is_declined(heard: str, said: str) -> None:
    assert talk(heard) == said
    assert talk(heard, said, 'Bob') is None


@pytest.mark.parametrize(
    'schema',
    [
        {'type': 'array', 'items': {'type': 'number'}},
        {'type': 'object', 'properties': {}},
        {'type': 'string', 'format': 'date'},
        {'type': 'string', 'pattern': '[a-z]'},
        {'type': 'integer', 'enum': [1, 2]},
        {'anyOf': [{'type': 'string'}, {'type': 'number'}]},
        {'$ref': '#/$defs/Missing'},
        {},
    ],
)
def test_parameters_that_rules_cannot_fill(schema: Json) -> None:
    said = talk('order boxes', tools=(tool('order_boxes', value=schema, required=['value']),))
    assert said == 'I cannot use “order boxes”: filling in its value takes a language model.'


def test_a_parameter_without_a_type_takes_text() -> None:
    weather = tool('get_weather', city={'title': 'City', 'description': 'The city.'}, required=['city'])
    assert talk('weather in Rome', tools=(weather,)) == Call('get_weather', {'city': 'Rome'})


def test_schemas_as_pydantic_writes_them() -> None:
    parameters: Json = {
        'type': 'object',
        '$defs': {'Size': {'type': 'string', 'enum': ['small', 'large']}},
        'properties': {
            'size': {'$ref': '#/$defs/Size'},
            'city': {'anyOf': [{'type': 'string'}, {'type': 'null'}], 'default': None},
            'count': {'type': ['integer', 'null']},
        },
        'required': ['size'],
    }
    order = FunctionTool('order_boxes', '', parameters)
    assert talk('order 3 large boxes', tools=(order,)) == Call('order_boxes', {'size': 'large', 'count': 3})


def test_a_default_is_not_used_as_a_value() -> None:
    odd = tool('start_engine', speed={'type': 'integer', 'default': True}, required=['speed'])
    assert 'What is the speed?' in str(talk('start the engine', tools=(odd,)))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
NAMES = st.sampled_from(['city', 'count', 'on', 'name', 'getWeather', 'set_timer', '', '_', 'été'])
SCHEMAS = st.recursive(
    st.fixed_dictionaries(
        {},
        optional={
            'type': st.sampled_from(['string', 'integer', 'number', 'boolean', 'null', ['integer', 'null'], 7]),
            'enum': st.lists(st.sampled_from(['red', 'light blue', 5, 2.5, True, None, '']), max_size=4),
            'minimum': st.integers(-5, 5),
            'maximum': st.integers(0, 90),
            'format': st.sampled_from(['date', 'email', 'x']),
            'default': JSON,
        },
    ),
    lambda inner: (
        st.fixed_dictionaries({'type': st.just('array'), 'items': inner})
        | st.fixed_dictionaries(
            {'properties': st.dictionaries(NAMES, inner, max_size=4), 'required': st.lists(NAMES, max_size=3)},
            optional={'type': st.just('object'), '$ref': st.sampled_from(['#', '#/properties/city', '#/x'])},
        )
        | st.fixed_dictionaries({'anyOf': st.lists(inner, max_size=2)})
    ),
    max_leaves=8,
)
WORDS = ['weather', 'city', 'is', 'red', 'light', 'blue', 'five', '2.5', 'minutes', 'turn', 'on', 'off', 'in', 'Rome']
WORDS += ['called', 'Bob', 'not', 'set', 'timer', 'count', 'yes', 'or', ',', '?']
SENTENCES = st.lists(st.sampled_from(WORDS), max_size=14).map(' '.join) | st.text(max_size=30)
OFFERED = st.lists(st.tuples(NAMES, SCHEMAS | JSON), max_size=3)


@given(st.lists(SENTENCES, min_size=1, max_size=3), OFFERED, st.booleans())
def test_calls_are_of_offered_functions_and_fit_their_schema(
    heard: list[str], offered: list[tuple[str, Json]], must_call: bool
) -> None:
    tools = tuple(FunctionTool(name, 'Weather in a city', parameters) for name, parameters in offered)
    conversation: list[Item] = []
    for text in heard:
        conversation.append(user(text))
        plan = talk_of_tools(Prompt(tuple(conversation), tools=tools, must_call=must_call and bool(tools)))
        if isinstance(plan, Call):
            json.dumps(plan.arguments, allow_nan=False)
            called = [tool for tool in tools if tool.name == plan.name]
            assert any(fits(as_object(tool.parameters), plan.arguments) for tool in called)
            return
        conversation.append(assistant(plan or 'I see.'))


def as_object(parameters: Json) -> Json:
    return {**parameters, 'type': 'object'} if isinstance(parameters, dict) else {'type': 'object'}


def fits(schema: Json, value: Json) -> bool:
    """Whether a value is what a schema wants, judged without the code under test, as far as these schemas go."""
    if not isinstance(schema, dict) or '$ref' in schema or schema.get('anyOf'):
        return True
    wanted = [kind for kind in KINDS if kind == schema.get('type')]
    if wanted and (isinstance(value, bool) != (wanted == ['boolean']) or not isinstance(value, KINDS[wanted[0]])):
        return False
    properties, required = schema.get('properties'), schema.get('required')
    if isinstance(value, dict):
        known = properties if isinstance(properties, dict) else {}
        needed = {name for name in required if isinstance(name, str)} if isinstance(required, list) else set()
        return needed <= value.keys() and all(fits(known.get(name), each) for name, each in value.items())
    return not isinstance(value, list) or all(fits(schema.get('items'), each) for each in value)


KINDS: dict[str, Any] = {
    'string': str,
    'integer': int,
    'number': int | float,
    'boolean': bool,
    'array': list,
    'object': dict,
}
