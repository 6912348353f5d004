"""The tokens that a response costs."""

from openai.types.realtime import RealtimeResponseUsage

from components.engine.protocol.items import FunctionCall, FunctionCallOutput, Item, Message, Part
from components.engine.protocol.tools import FunctionTool
from components.engine.protocol.usage import Usage


def test_tokens_are_counted_by_the_rates_of_openai() -> None:
    answer = Message('assistant', [Part('output_audio', 'abcdefgh', 3000)])
    context: list[Item] = [
        Message('user', [Part('input_audio', 'heard, not read', 2800)]),
        Message('assistant', [Part('output_audio', 'spoken', 1000)]),
        Message('user', [Part('input_text', 'abcde'), Part('input_image', 'data:image/png;base64,AAAA')]),
        FunctionCallOutput('call_1', 'abcd'),
        answer,
    ]
    usage = Usage.measured('abcd', [], context, [answer])
    assert usage == Usage(input_text=1 + 2 + 1, input_audio=28 + 20, output_text=2, output_audio=60)
    wire = RealtimeResponseUsage.model_validate(usage.wire())
    assert (wire.input_tokens, wire.output_tokens, wire.total_tokens) == (52, 62, 114)


def test_an_empty_answer_still_costs_its_input() -> None:
    assert Usage.measured('', [], [Message('user', [Part('input_text', 'abcd')])], []) == Usage(input_text=1)


def test_functions_count_as_text() -> None:
    tool, call = FunctionTool('stop'), FunctionCall('stop', 'call_1', '{"now": true}')
    offered = '{"type":"function","name":"stop","description":"","parameters":null}'
    usage = Usage.measured('', [tool], [call], [call])
    assert usage == Usage(input_text=-(-len(offered) // 4), output_text=-(-len('stop({"now": true})') // 4))
