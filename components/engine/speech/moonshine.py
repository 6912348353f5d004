"""Moonshine tiny-en: a small, accurate model of English speech, run by onnxruntime.

The weights are those inside the package moonshine-voice, which is itself not imported: its own library makes more
mistakes and takes more time. The model: https://github.com/moonshine-ai/moonshine (MIT).
"""

import re
from collections.abc import Sequence
from itertools import takewhile
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from .wav import HEARING_RATE

Samples = NDArray[np.float32]


class Moonshine:
    """Turns up to about 30 seconds of speech into the model's tokens, and those into text. Uses one thread."""

    def __init__(self, folder: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.add_session_config_entry('session.intra_op.allow_spinning', '0')  # or an idle thread burns a core
        # Without an arena, 20 seconds of speech leave 100 MB less behind, in the same time; mapped weights save 20 MB.
        options.enable_cpu_mem_arena = options.enable_mem_pattern = False
        options.add_session_config_entry('session.use_memory_mapped_ort_model', '1')
        providers = ['CPUExecutionProvider']
        self._encoder = onnxruntime.InferenceSession(str(folder / ENCODER), options, providers=providers)
        self._decoder = onnxruntime.InferenceSession(str(folder / DECODER), options, providers=providers)
        self._pieces = _read_pieces((folder / TOKENIZER).read_bytes())
        caches = [each for each in self._decoder.get_inputs() if each.name.startswith('past_key_values.')]
        self._cache_names = [each.name for each in caches]
        self._empty_cache = {each.name: np.zeros((1, each.shape[1], 0, each.shape[3]), np.float32) for each in caches}
        self.tokens(np.zeros(HEARING_RATE, np.float32))  # the first run is slow

    def tokens(self, samples: Samples, draft: Sequence[int] = ()) -> list[int]:
        """The tokens of speech: mono at `HEARING_RATE`, from -1 to 1.

        A `draft`, the tokens of most of the same sound, saves time: the decoder checks all of it in one step and then
        goes on behind the last token that it agrees with.
        """
        sound = np.pad(samples, (0, max(0, _SHORTEST_SAMPLES - len(samples))))[None]
        mask = np.ones(sound.shape, np.int64)
        (encoded,) = self._encoder.run(None, {'input_values': sound, 'attention_mask': mask})
        fixed = {'encoder_hidden_states': encoded, 'encoder_attention_mask': mask}

        logits, cache = self._decode([_BEGIN, *draft], self._empty_cache, fixed)
        proposed = [int(token) for token in logits.argmax(-1)]
        tokens = [token for token, _ in takewhile(lambda pair: pair[0] == pair[1], zip(draft, proposed, strict=False))]
        for name in filter(_is_about_text, cache):
            cache[name] = cache[name][:, :, : len(tokens) + 1]
        token = proposed[len(tokens)]
        most = max(_FEWEST_TOKENS, round(len(samples) / HEARING_RATE * _TOKENS_A_SECOND))
        while token != _END and len(tokens) < most:
            tokens.append(token)
            logits, later = self._decode([token], cache, fixed)
            cache.update({name: later[name] for name in filter(_is_about_text, later)})
            token = int(logits[-1].argmax())
        return tokens

    def text(self, tokens: Sequence[int]) -> str:
        """Return the text of the tokens: '' for what the model writes for silence and noise."""
        pieces = b''.join(self._pieces[token] for token in tokens if token > _END)
        plain = re.sub(rb'<0x([0-9A-F]{2})>', lambda match: bytes([int(match[1], 16)]), pieces)
        text = ' '.join(plain.decode(errors='replace').replace('▁', ' ').split())
        return '' if text == _NO_SPEECH else text

    def _decode(
        self, tokens: list[int], cache: dict[str, Any], fixed: dict[str, Any]
    ) -> tuple[NDArray[np.float32], dict[str, Any]]:
        """One step: the scores of what follows each of the tokens, and the cache for the next step."""
        begins = cache is self._empty_cache
        logits, *values = self._decoder.run(
            None, {'input_ids': np.array([tokens]), 'use_cache_branch': np.array([not begins]), **fixed, **cache}
        )
        return logits[0], dict(zip(self._cache_names, values, strict=True))


def _is_about_text(name: str) -> bool:
    """Whether that part of the cache grows with the tokens. The rest, about the sound, stays as it was first made."""
    return '.decoder.' in name


def _read_pieces(vocabulary: bytes) -> list[bytes]:
    """The text of each token. A piece follows its length, which takes two bytes from 128 on."""
    pieces, at = [], 0
    while at < len(vocabulary):
        length, at = vocabulary[at], at + 1
        if length >= 128:
            length, at = length - 128 + 128 * vocabulary[at], at + 1
        pieces.append(vocabulary[at : at + length])
        at += length
    return pieces


ENCODER, DECODER, TOKENIZER = 'encoder_model.ort', 'decoder_model_merged.ort', 'tokenizer.bin'
_BEGIN, _END = 1, 2  # tokens
_SHORTEST_SAMPLES = HEARING_RATE // 2  # less is padded with silence
_NO_SPEECH = 'You'  # somebody who says just that gets 'You.' or 'You?'
# The model goes on and on in noise. Fast speakers need 5 tokens a second.
_TOKENS_A_SECOND = 6.5
_FEWEST_TOKENS = 8
