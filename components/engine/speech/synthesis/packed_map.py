"""A read-only map in little memory, which a file can hold."""

import mmap
import os
import struct
import tempfile
from array import array
from collections.abc import Callable, Iterable
from contextlib import suppress
from itertools import accumulate
from pathlib import Path


class PackedMap:
    """Maps texts to bytes: all keys in a row, sorted, and all values in a row.

    A dict of the same 90,000 words takes four times the memory. Looking up takes some 5 µs.

    Args:
        data: What `pack` returned, in memory or mapped from a file.

    Raises:
        ValueError: The data is not that of a map.
    """

    def __init__(self, data: bytes | mmap.mmap) -> None:
        view = memoryview(data)
        try:
            magic, count, keys = _HEADER.unpack_from(view)
        except struct.error:
            raise ValueError('not a packed map: too short') from None
        ends = 4 * (count + 1)
        at = _HEADER.size
        if magic != _MAGIC or len(view) < at + 2 * ends + keys:
            raise ValueError('not a packed map')
        self._count = count
        self._key_ends = view[at : at + ends].cast('I')
        self._value_ends = view[at + ends : at + 2 * ends].cast('I')
        self._keys = view[at + 2 * ends : at + 2 * ends + keys]
        self._values = view[at + 2 * ends + keys :]
        if self._key_ends[-1] != keys or self._value_ends[-1] != len(self._values):
            raise ValueError('not a packed map: its parts have other lengths')

    def get(self, key: str) -> bytes | None:
        """Return the value of a key, None for an unknown one."""
        wanted = key.encode()
        low, high = 0, self._count
        while low < high:
            middle = (low + high) // 2
            found = bytes(self._keys[self._key_ends[middle] : self._key_ends[middle + 1]])
            if found == wanted:
                return bytes(self._values[self._value_ends[middle] : self._value_ends[middle + 1]])
            if found < wanted:
                low = middle + 1
            else:
                high = middle
        return None


def pack(items: Iterable[tuple[str, bytes]]) -> bytes:
    """Return the data of a `PackedMap`."""
    pairs = sorted((key.encode(), value) for key, value in items)
    keys = b''.join(key for key, _ in pairs)
    key_ends = array('I', accumulate((len(key) for key, _ in pairs), initial=0))
    value_ends = array('I', accumulate((len(value) for _, value in pairs), initial=0))
    header = _HEADER.pack(_MAGIC, len(pairs), len(keys))
    return b''.join((header, key_ends.tobytes(), value_ends.tobytes(), keys, *(value for _, value in pairs)))


def kept_map(file: Path, items: Callable[[], Iterable[tuple[str, bytes]]]) -> PackedMap:
    """Return the map that a file holds; where there is none, or a damaged one, pack it and keep it there.

    The file is mapped, so all processes share its memory. Where it cannot be written the map is in memory.

    Args:
        file: Named after what the items depend on, since they are read once only.
        items: Reads the items.
    """
    with suppress(OSError, ValueError):
        return _mapped(file)
    data = pack(items())
    with suppress(OSError, ValueError):
        _write(file, data)
        return _mapped(file)
    return PackedMap(data)


def _mapped(file: Path) -> PackedMap:
    with file.open('rb') as opened:
        return PackedMap(mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ))


def _write(file: Path, data: bytes) -> None:
    """Write it whole or not at all: another process may read it, or write the same, at this moment."""
    if not file.is_absolute():
        raise OSError('a user without a home folder has no caches')
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as written:
        try:
            written.write(data)
            written.close()
            os.replace(written.name, file)  # noqa: PTH105  (says what it does to a file that exists)
        except OSError:
            Path(written.name).unlink(missing_ok=True)
            raise


_MAGIC = b'map1'
_HEADER = struct.Struct('=4sII')
