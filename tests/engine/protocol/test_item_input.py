"""Items that clients write: pictures, and mistakes."""

import base64
from typing import Any

import pytest

from components.engine.protocol.client_events import CreateItem, read_event
from components.engine.protocol.errors import RealtimeError

PICTURES = {
    'png': b'\x89PNG\r\n\x1a\n...',
    'jpeg': b'\xff\xd8\xff\xe0...',
    'webp': b'RIFF\x00\x00\x00\x00WEBPVP8 ',
    'gif': b'GIF89a...',
}


def uri(kind: str, picture: bytes) -> str:
    return f'data:image/{kind};base64,{base64.b64encode(picture).decode()}'


def shown(image_url: Any, **fields: Any) -> dict[str, Any]:
    """The content of a message with this picture, as it comes back."""
    content = [{'type': 'input_image', 'image_url': image_url, **fields}]
    message: Any = {'type': 'message', 'role': 'user', 'content': content}
    event = read_event({'type': 'conversation.item.create', 'item': message})
    assert isinstance(event, CreateItem)
    part: Any = event.item.item().wire()['content']
    return dict(part[0])


@pytest.mark.parametrize('kind', PICTURES)
def test_a_picture_comes_back_as_it_was_sent(kind: str) -> None:
    url = uri(kind, PICTURES[kind])
    assert shown(url) == {'type': 'input_image', 'image_url': url}
    assert shown(url, detail='low') == {'type': 'input_image', 'image_url': url, 'detail': 'low'}


@pytest.mark.parametrize(
    ('image_url', 'code'),
    [
        (7, 'invalid_type'),
        ('', 'invalid_value'),
        ('https://example.com/a.png', 'invalid_value'),
        (uri('svg+xml', b'<svg/>'), 'invalid_value'),
        ('data:image/png;base64,!!', 'invalid_value'),
        (uri('png', PICTURES['jpeg']), 'invalid_value'),
    ],
)
def test_bad_pictures_are_refused(image_url: Any, code: str) -> None:
    with pytest.raises(RealtimeError) as refused:
        shown(image_url)
    assert (refused.value.code, refused.value.param) == (code, 'item.content[0].image_url')


def test_an_unknown_detail_is_refused() -> None:
    with pytest.raises(RealtimeError) as refused:
        shown(uri('gif', PICTURES['gif']), detail='huge')
    assert refused.value.param == 'item.content[0].detail'


@pytest.mark.parametrize(
    ('item', 'code', 'param'),
    [
        ({'type': 'message', 'role': 'robot', 'content': []}, 'invalid_value', 'item.role'),
        ({'type': 'message', 'content': []}, 'missing_required_parameter', 'item.role'),
        ({'type': 'message', 'role': 'user'}, 'missing_required_parameter', 'item.content'),
        ({'type': 'message', 'role': 'user', 'content': [7]}, 'invalid_type', 'item.content[0]'),
        ({'type': 'message', 'role': 'user', 'content': [{}]}, 'missing_required_parameter', 'item.content[0].type'),
        (
            {'type': 'message', 'role': 'user', 'content': [], 'message': 1, 'user': 2},
            'unknown_parameter',
            'item.message',
        ),
        ({'type': 'function_call', 'name': 'go', 'arguments': {}}, 'invalid_type', 'item.arguments'),
        ({'type': 'function_call_output', 'output': ''}, 'missing_required_parameter', 'item.call_id'),
        ({'type': 'item_reference', 'id': 'a'}, 'invalid_value', 'item.type'),
        ({'type': 'message', 'role': 'system', 'content': [], 'id': ''}, 'invalid_value', 'item.id'),
        (
            {'type': 'message', 'role': 'system', 'content': [], 'id': 'x' * 33},
            'string_above_max_length',
            'item.id',
        ),
    ],
)
def test_a_bad_field_of_an_item_is_named(item: dict[str, Any], code: str, param: str) -> None:
    with pytest.raises(RealtimeError) as refused:
        read_event({'type': 'conversation.item.create', 'item': item})
    assert (refused.value.code, refused.value.param) == (code, param)
