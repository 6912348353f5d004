"""A persona in a link: the whole of it, compressed, in the fragment behind `#persona=`.

Browsers keep the fragment to themselves: instructions, which may be personal, reach no server's log on their way. It is
a file with one entry (see `persona_file`), deflated (RFC 1951), in the alphabet base64url (RFC 4648, section 5).
"""

from __future__ import annotations

import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode

from .file import LARGEST, Reading, Unreadable, read, write
from .persona import Persona

LONGEST_LINK = 4000
"""Characters of the fragment. Browsers take far more, but mail and messengers break or cut longer links."""


class TooLong(Exception):
    """A persona that does not fit into a link."""


def fragment(persona: Persona) -> str:
    """Return what stands behind `#persona=`. Raises TooLong."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = deflate.compress(write([persona], indent=None).encode()) + deflate.flush()
    text = urlsafe_b64encode(packed).rstrip(b'=').decode()
    if len(text) > LONGEST_LINK:
        raise TooLong
    return text


def unpack(text: str) -> Reading:
    """Read what stands behind `#persona=`; it may come from anyone. Raises Unreadable."""
    if len(text) > LONGEST_LINK:
        raise Unreadable('too_large')
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        packed = urlsafe_b64decode(text + '=' * (-len(text) % 4))
        return read(inflate.decompress(packed, LARGEST + 1))  # a small link may unfold to gigabytes
    except (ValueError, zlib.error):
        raise Unreadable('not_json') from None
