"""English text to phonemes as hibari does it, with its word lists packed: 30 MB of them instead of 100 MB.

This relies on names inside hibari 0.2.1, which is why `requirements.txt` pins the version.
"""

import gzip
import json
import struct
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from hibari.g2p import ASSETS, G2P
from hibari.g2p.lexicon import Lexicon
from hibari.g2p.tagger import Tagger
from hibari.g2p.tokenize import Tokenizer

from .packed_map import PackedMap


class Pronunciation(G2P):  # type: ignore[misc]
    """hibari's `G2P`, for American or British English."""

    def __init__(self, *, british: bool) -> None:
        accent = 'gb' if british else 'us'
        self.tagger = _tagger()
        self.lexicon = Lexicon(_Words(f'lexicon_{accent}_gold'), _Words(f'lexicon_{accent}_silver'), british)
        self.tokenizer = Tokenizer(json.loads(Path(ASSETS, 'tokenizer_exceptions.json').read_bytes()))
        self._oov = None  # loads when a word is not in the lexicon
        self.unk = ''
        self.british = british


class _Words:
    """Phonemes by word; for some words by part of speech."""

    def __init__(self, name: str) -> None:
        words: dict[str, str | dict[str, str]] = _read(name)
        self._packed = PackedMap((word, _packed(phonemes)) for word, phonemes in words.items())

    def get(self, word: str) -> str | dict[str, str | None] | None:
        packed = self._packed.get(word)
        if packed is None:
            return None
        if not packed.startswith(b'{'):
            return packed.decode()
        phonemes: dict[str, str | None] = json.loads(packed)
        return phonemes


def _packed(phonemes: str | dict[str, str]) -> bytes:
    return phonemes.encode() if isinstance(phonemes, str) else json.dumps(phonemes).encode()


class _Weights:
    """The weights of the tagger: by feature, how much it speaks for each tag. They have one decimal."""

    def __init__(self, rows: Mapping[str, Any], tags: list[str]) -> None:
        self._tags = tags
        self._packed = PackedMap(rows.items())

    def get(self, feature: str) -> dict[str, float] | None:
        packed = self._packed.get(feature)
        if packed is None:
            return None
        return {self._tags[tag]: tenths / 10 for tag, tenths in _WEIGHT.iter_unpack(packed)}


def _tagger() -> Tagger:
    numbers: dict[str, int] = {}

    def pack(pairs: list[tuple[str, Any]]) -> Any:
        """Pack the innermost objects as they are read: as dicts they would take 60 MB."""
        if not pairs or not isinstance(pairs[0][1], float):
            return dict(pairs)
        return b''.join(_WEIGHT.pack(numbers.setdefault(tag, len(numbers)), round(10 * w)) for tag, w in pairs)

    model = _read('tagger', pack)
    model['weights'] = _Weights(model['weights'], list(numbers))
    return Tagger(model)


def _read(name: str, hook: Callable[[list[tuple[str, Any]]], Any] | None = None) -> Any:
    with gzip.open(Path(ASSETS, f'{name}.json.gz')) as file:
        return json.load(file, object_pairs_hook=hook)


_WEIGHT = struct.Struct('<Bh')
