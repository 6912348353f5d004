"""A whole persona in a link, compressed, in the fragment behind `#persona=`.

Browsers do not send the fragment, so that instructions, which may be personal, reach no server's log. It is a file with
one entry (see `file`), deflated (RFC 1951), in the base64url alphabet (RFC 4648, section 5).
"""

from __future__ import annotations

import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode

from .file import LARGEST_FILE, FileContent, UnreadableFile, read, write
from .persona import Persona

LONGEST_LINK = 4000
"""Characters of the fragment. Browsers take far more, but mail programs and messengers break or cut longer links."""


class TooLong(Exception):
    """A persona does not fit into a link."""


def fragment(persona: Persona) -> str:
    """Return the text behind `#persona=`. Raises TooLong."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = deflate.compress(write([persona], indent=None).encode()) + deflate.flush()
    text = urlsafe_b64encode(packed).rstrip(b'=').decode()
    if len(text) > LONGEST_LINK:
        raise TooLong
    return text


def unpack(text: str) -> FileContent:
    """Read the text behind `#persona=`, which may come from anyone. Raises UnreadableFile."""
    if len(text) > LONGEST_LINK:
        raise UnreadableFile('too_large')
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        packed = urlsafe_b64decode(text + '=' * (-len(text) % 4))
        return read(inflate.decompress(packed, LARGEST_FILE + 1))  # a small link may expand to gigabytes
    except (ValueError, zlib.error):
        raise UnreadableFile('not_json') from None
