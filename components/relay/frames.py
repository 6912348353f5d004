"""The messages between browser and relay: protocol events as JSON, sound as bytes, and the relay's own messages.

Sound is PCM: 16 bit little-endian, mono, 24 kHz. From the browser it comes without a header. To the browser each frame
begins with two unsigned numbers of 32 bits, little-endian: its track, and the position of its first sample in that
track. A `relay.track` message precedes the first frame of a track and says whose sound it is.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

RATE = 24_000
"""Samples per second, in both directions."""

PCM: Mapping[str, object] = {'type': 'audio/pcm', 'rate': RATE}

LONGEST_FRAME = RATE // 5 * 2
"""Bytes of sound in one frame to the browser, 200 ms."""

_HEADER = struct.Struct('<II')


@dataclass
class Tracks:
    """The sound of a call in tracks, one for each part of an item of a response.

    Frames are short, so that an event need not wait for much of the sound before it.
    """

    _numbers: dict[tuple[object, object, object], int] = field(default_factory=dict)
    _samples: list[int] = field(default_factory=list)

    def messages(self, event: Mapping[str, Any], sound: bytes) -> list[str | bytes]:
        """Return the messages that carry the sound of this event to the browser."""
        place = (event.get('response_id'), event.get('item_id'), event.get('content_index'))
        messages: list[str | bytes] = []
        number = self._numbers.get(place)
        if number is None:
            number = self._numbers[place] = len(self._samples)
            self._samples.append(0)
            names = ('response_id', 'item_id', 'content_index')
            messages.append(to_text({'type': 'relay.track', 'track': number, **dict(zip(names, place, strict=True))}))
        for at in range(0, len(sound), LONGEST_FRAME):
            frame = sound[at : at + LONGEST_FRAME]
            messages.append(_HEADER.pack(number, self._samples[number]) + frame)
            self._samples[number] += len(frame) // 2
        return messages

    def of(self, is_meant: Callable[[object, object], bool]) -> set[int]:
        """Return the numbers of the tracks whose response and item are meant."""
        return {number for (response, item, _), number in self._numbers.items() if is_meant(response, item)}


def track_of(frame: bytes) -> int:
    """Return the number of the track that a frame to the browser belongs to."""
    number: int = _HEADER.unpack_from(frame)[0]
    return number


def to_text(event: Mapping[str, object]) -> str:
    """Return an event as compact JSON in ASCII, so that half of an emoji can travel, too."""
    return json.dumps(event, separators=(',', ':'))


def to_event(text: str) -> dict[str, Any] | None:
    """Read a message. Returns None if it is not an event."""
    try:
        event = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return event if isinstance(event, dict) and isinstance(event.get('type'), str) else None
