"""Old turns leave a prompt that would not fit into the model's context."""

from components.engine.local_mind.window import tokens, within
from components.engine.minds.mind import Prompt
from components.engine.protocol.items import FunctionCall, FunctionCallOutput, Item, Message, Part

WORDS = 'some words of about forty bytes in all. '


def turn(number: int) -> list[Item]:
    return [
        Message('user', [Part('input_text', WORDS)], id=f'user {number}'),
        Message('assistant', [Part('output_text', WORDS)], id=f'assistant {number}'),
    ]


def conversation(turns: int, *, newest: str = 'And now?') -> Prompt:
    items = [item for number in range(turns) for item in turn(number)]
    return Prompt((*items, Message('user', [Part('input_text', newest)], id='newest')), 'Be kind.')


def ids(prompt: Prompt) -> list[str]:
    return [item.id for item in prompt.items]


def test_a_short_conversation_stays_whole() -> None:
    prompt = conversation(3)
    assert within(prompt, 500) is prompt


def test_the_oldest_turns_leave_until_the_rest_fits() -> None:
    fitting = within(conversation(40), 500)
    assert tokens(fitting) <= 500
    assert ids(fitting)[0].startswith('user')
    assert ids(fitting) == ids(conversation(40))[-len(fitting.items) :]
    assert len(fitting.items) > 8
    assert fitting.instructions == 'Be kind.'


def test_most_prompts_begin_as_the_one_before() -> None:
    beginnings = [ids(within(conversation(turns), 500))[0] for turns in range(20, 60)]
    assert len(set(beginnings)) <= 15  # of 40


def test_the_newest_turn_stays_even_if_it_is_too_long() -> None:
    assert ids(within(conversation(9, newest=WORDS * 99), 500)) == ['newest']


def test_a_turn_keeps_its_function_calls() -> None:
    called = (FunctionCall('look', 'call_1', '{}'), FunctionCallOutput('call_1', WORDS * 5))
    prompt = Prompt((*turn(0), *turn(1), *called))
    fitting = within(prompt, round(tokens(prompt)) - 1)
    assert fitting.items[-2:] == called
    assert ids(fitting)[0] == 'user 1'


def test_estimates_are_corrected_by_what_the_model_counted() -> None:
    prompt = conversation(10)
    assert len(within(prompt, 500).items) == 21
    assert len(within(prompt, 500, scale=3).items) < 11
