"""English text to phonemes as hibari does it, with its word lists packed: 30 MB of them instead of 100 MB.

Packing takes 0.8 seconds of processor time, so the packed lists are kept among the user's caches.

This relies on names inside hibari 0.2.1, which is why `requirements.txt` pins the version.
"""

import gzip
import json
import struct
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from hibari.g2p import ASSETS, G2P
from hibari.g2p.lexicon import Lexicon
from hibari.g2p.tagger import Tagger
from hibari.g2p.tokenize import Tokenizer
from platformdirs import user_cache_path

from .packed_map import PackedMap, kept_map


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
        self._packed = kept_map(_file(name), lambda: ((word, _packed(value)) for word, value in _read(name).items()))

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

    def __init__(self, packed: PackedMap, tags: list[str]) -> None:
        self._tags = tags
        self._packed = packed

    def get(self, feature: str) -> dict[str, float] | None:
        packed = self._packed.get(_WEIGHTS_OF + feature)
        if packed is None:
            return None
        return {self._tags[tag]: tenths / 10 for tag, tenths in _WEIGHT.iter_unpack(packed)}


def _tagger() -> Tagger:
    packed = kept_map(_file('tagger'), _packed_tagger)
    rest = packed.get(_REST)
    if rest is None:
        raise ValueError('the tagger has no rest')
    model = json.loads(rest)
    return Tagger({**model['model'], 'weights': _Weights(packed, model['tags'])})


def _packed_tagger() -> Iterator[tuple[str, bytes]]:
    numbers: dict[str, int] = {}

    def pack(pairs: list[tuple[str, Any]]) -> Any:
        """Pack the innermost objects as they are read: as dicts they would take 60 MB."""
        if not pairs or not isinstance(pairs[0][1], float):
            return dict(pairs)
        return b''.join(_WEIGHT.pack(numbers.setdefault(tag, len(numbers)), round(10 * w)) for tag, w in pairs)

    model = _read('tagger', pack)
    for feature, weights in model.pop('weights').items():
        yield _WEIGHTS_OF + feature, weights
    yield _REST, json.dumps({'model': model, 'tags': list(numbers)}).encode()


def _read(name: str, hook: Callable[[list[tuple[str, Any]]], Any] | None = None) -> Any:
    with gzip.open(Path(ASSETS, f'{name}.json.gz')) as file:
        return json.load(file, object_pairs_hook=hook)


def _file(name: str) -> Path:
    """Where a packed list is kept: another version of hibari has other ones."""
    return user_cache_path('parley-engine', appauthor=False) / f'hibari-{version("hibari-tts")}' / f'{name}.map'


_WEIGHT = struct.Struct('<Bh')
_WEIGHTS_OF, _REST = 'w', 'rest'  # keys of the packed tagger begin with a letter that says what follows
