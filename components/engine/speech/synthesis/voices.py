"""The voices of the Realtime API, and what speaks each of them on this machine."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Literal

Kind = Literal['natural', 'simple']


@dataclass(frozen=True)
class SimpleVoice:
    """The parameters of espeak-ng for a voice: words per minute, pitch and its range (both from 0 to 100).

    `accent` is the language file for English, and `timbre` the variant for every language.
    """

    accent: str
    timbre: str
    rate: int
    pitch: int
    range: int


@dataclass(frozen=True)
class Voice:
    """A voice: the voice of hibari that speaks it in English ('' if there is none), and the one of espeak-ng."""

    natural: str
    simple: SimpleVoice


# The simple voices differ by pitch, and neighbours by timbre, accent or pace as well (measured by the tests).
VOICES = {
    'alloy': Voice('', SimpleVoice('en-us', '+f1', rate=165, pitch=34, range=45)),
    'ash': Voice('', SimpleVoice('en-us', '+m3', rate=172, pitch=55, range=45)),
    'ballad': Voice('fable', SimpleVoice('en-gb-x-rp', '', rate=145, pitch=62, range=80)),
    'cedar': Voice('fenrir', SimpleVoice('en-us', '+m7', rate=150, pitch=38, range=45)),
    'coral': Voice('kore', SimpleVoice('en-us', '+f2', rate=175, pitch=54, range=60)),
    'echo': Voice('', SimpleVoice('en-us', '+m1', rate=160, pitch=38, range=40)),
    'marin': Voice('heart', SimpleVoice('en-us', '+Annie', rate=165, pitch=45, range=55)),
    'sage': Voice('emma', SimpleVoice('en-us', '+f4', rate=152, pitch=48, range=40)),
    'shimmer': Voice('', SimpleVoice('en-us', '+f5', rate=170, pitch=74, range=60)),
    'verse': Voice('', SimpleVoice('en-gb-scotland', '', rate=185, pitch=78, range=60)),
}

NATURAL_DEFAULT = 'heart'  # the voice of hibari that comes with its package


def voice_kinds() -> dict[str, Kind]:
    """How each of the voices sounds in English on this machine. Empty if nothing speaks here. Loads no model."""
    models = natural_models()
    if not has_simple_voices():
        return dict.fromkeys(VOICES, 'natural') if models else {}
    return {name: 'natural' if voice.natural in models else 'simple' for name, voice in VOICES.items()}


def natural_models() -> Mapping[str, Path]:
    """The model files of hibari's voices that are on this machine, by the voice's name.

    hibari fetches four of its voices from a hub when somebody first asks for them by its own command. Parley uses these
    if they are here, and fetches nothing.
    """
    if find_spec('onnxruntime') is None or (registry := _registry()) is None:
        return {}
    models = {}
    for name in registry.VOICES:
        try:
            models[name] = Path(registry.voice_path(name, download_missing=False))
        except OSError:
            continue
    return models


def has_simple_voices() -> bool:
    """Whether espeak-ng is installed."""
    return find_spec('espeakng_loader') is not None


def _registry() -> ModuleType | None:
    """The list of hibari's voices, loaded without its package, which would load numpy."""
    package = find_spec('hibari')
    folders = (package and package.submodule_search_locations) or ()
    return next((registry for folder in folders if (registry := _load_registry(folder))), None)


@cache
def _load_registry(folder: str) -> ModuleType | None:
    spec = spec_from_file_location('hibari_voices', Path(folder, 'voices.py'))
    if not spec or not spec.loader:
        return None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
