"""Pictures that a client shows: checked, and kept as they came."""

import base64
import binascii
import re

from .fields import Fields


def read_image_url(given: Fields) -> str:
    """Read `image_url`, a data URI with a picture. Raises `RealtimeError`. Its size is bounded by the transport."""
    url = given.text('image_url')
    head = _DATA_URI.match(url)
    if head is None:
        raise given.refuse('image_url', f'Expected a data URI such as data:image/png;base64,... of {_KINDS}.')
    try:
        picture = base64.b64decode(url[head.end() :], validate=True)
    except (binascii.Error, ValueError) as problem:
        raise given.refuse('image_url', f'Expected base64 ({problem}).') from problem
    if not _SIGNATURES[head['kind']].match(picture):
        raise given.refuse('image_url', f'The data is no {head["kind"]} image.')
    return url


_SIGNATURES = {
    'png': re.compile(rb'\x89PNG\r\n\x1a\n'),
    'jpeg': re.compile(rb'\xff\xd8\xff'),
    'webp': re.compile(rb'RIFF....WEBP', re.DOTALL),
    'gif': re.compile(rb'GIF8[79]a'),
}
_KINDS = ', '.join(_SIGNATURES)
_DATA_URI = re.compile(f'data:image/(?P<kind>{"|".join(_SIGNATURES)});base64,')
