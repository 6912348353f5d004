"""Reasoning that a model writes into its answer is neither shown nor spoken."""

from collections.abc import AsyncGenerator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.engine.minds.mind import CallPiece, CutShort, Piece
from components.engine.minds.reasoning import Reasoning, ReasoningFilter


def said(*pieces: str, begins_inside: bool = False) -> str:
    reasoning = ReasoningFilter(begins_inside=begins_inside)
    return ''.join([*map(reasoning.feed, pieces), reasoning.flush()])


@pytest.mark.parametrize(
    ('text', 'heard'),
    [
        ('<think>They greet me.</think>\n\nHello!', 'Hello!'),
        ('Wait. <think>Hm < 5 </thin</think>Yes.', 'Wait. Yes.'),
        ('<think>never ends', ''),
        ('1 < 2 and <thin> is no tag <', '1 < 2 and <thin> is no tag <'),
        ('<think></think>', ''),
        (' Hello ', 'Hello '),
        ('<THINK>Hm.</Think>Hello!', 'Hello!'),
        ('<thinking>Hm.</thinking>Hello!', 'Hello!'),
        ('<reasoning>Hm.</reasoning><answer>Hello!</answer>', 'Hello!'),
        ('<thought>Hm.</thought>Hello!', 'Hello!'),
        ('[THINK]Hm [1].[/THINK]Hello [1]!', 'Hello [1]!'),
        ('◁think▷Hm.◁/think▷Hello!', 'Hello!'),
        ('<|START_THINKING|>Hm.<|END_THINKING|><|START_RESPONSE|>Hello!<|END_RESPONSE|>', 'Hello!'),
        ('<|channel>thought\nHm.<channel|>Hello!', 'Hello!'),
        ('<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>Yes<|return|>', 'Yes'),
        ('<|channel|>commentary to=functions.f<|message|>{}<|call|>', ''),
        ('<|channel|>commentary<|message|>I look.<|end|>', 'I look.'),
        ('<|start|>assistant<|message|>Hello!<|end|>', 'Hello!'),
        ('The tag `<think>` begins it, <answer> too.', 'The tag `<think>` begins it, <answer> too.'),
        ('Okay, so the user wants\n\na joke. Hm.</think>\n\nHello!', 'Hello!'),
        ('The user said so.', 'The user said so.'),
        ("Okay, let's go.", "Okay, let's go."),
        ('Okay', 'Okay'),
    ],
)  # fmt: skip
def test_reasoning_is_left_out(text: str, heard: str) -> None:
    assert said(text) == heard
    assert said(*text) == heard, 'letter by letter'


def test_an_answer_that_begins_inside_reasoning_is_held_back_to_its_end() -> None:
    filter = ReasoningFilter(begins_inside=True)
    assert filter.feed('Hm. They greet me.') == ''
    assert filter.feed('</think> Hello') == 'Hello'
    assert said('No reasoning here.', begins_inside=True) == 'No reasoning here.', 'nothing is lost'
    assert said('<think>Hm.</think>Hello!', begins_inside=True) == 'Hello!'


PIECES = ['<think>', '</think>', '<', 'think', '>', ' ', 'a', '</', '`', '<|channel|>', 'analysis', '<|message|>']
PIECES += ['<|end|>', '[THINK]', '[/', 'THINK]', 'Okay, ', 'the user ', 'wants ', '<answer>', '\n']


@given(st.lists(st.sampled_from(PIECES)), st.booleans())
def test_the_same_is_said_however_the_pieces_come(pieces: list[str], begins_inside: bool) -> None:
    text = ''.join(pieces)
    for split in (pieces, text):
        assert said(*split, begins_inside=begins_inside) == said(text, begins_inside=begins_inside)


async def answered(reasoning: Reasoning, *pieces: Piece | Exception) -> list[Piece]:
    async def answer() -> AsyncGenerator[Piece, None]:
        for piece in pieces:
            if isinstance(piece, Exception):
                raise piece
            yield piece

    return [piece async for piece in reasoning.left_out(answer())]


async def test_a_mind_whose_template_opens_the_reasoning_is_known_after_one_answer() -> None:
    reasoning = Reasoning()
    assert await answered(reasoning, 'A greeting. ', 'Hm.</think>', 'Hello!') == ['A greeting. ', 'Hm.', 'Hello!']
    assert await answered(reasoning, 'A joke. ', 'Hm.</think>', 'Ha!') == ['Ha!']
    assert await answered(reasoning, 'No thought. ', 'Yes!') == ['No thought. Yes!']
    assert await answered(reasoning, 'Yes. ', 'No!') == ['Yes. ', 'No!'], 'it has changed its way'


async def test_calls_and_the_reason_of_a_cut_pass_through() -> None:
    reasoning, call = Reasoning(), CallPiece('go', 'call_1')
    assert await answered(reasoning, '<think>', 'Hm.', call, '</think>', 'Yes') == [call, 'Yes']
    with pytest.raises(CutShort):
        await answered(reasoning, 'Yes', CutShort('max_output_tokens'))
