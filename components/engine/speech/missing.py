"""Sentences about missing packages: what does not work, and what to do. Nothing is loaded to find out."""

from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, TypeAlias

from .synthesis.voices import NATURAL_DEFAULT, natural_models

RECOGNISER = (
    'Speech cannot be understood because the speech model in the packages moonshine-voice 0.0.73 and onnxruntime is '
    'missing or does not work: run pip install -r requirements.txt on Linux (glibc 2.34 or newer), Windows or '
    'macOS 15 or newer; elsewhere, set ENGINE_EARS=faster-whisper.'
)
NO_VOICES = (
    'Answers cannot be spoken because the packages hibari-tts and espeakng-loader are missing or do not work: '
    'run pip install -r requirements.txt, or read the answers instead.'
)
NATURAL_VOICES = (
    'Answers are spoken by simple voices because the package hibari-tts or onnxruntime is missing or does not work: '
    'run pip install -r requirements.txt for a natural voice in English.'
)
SIMPLE_VOICES = (
    'All voices sound the same and speak only English because the package espeakng-loader is missing or does not work: '
    'run pip install -r requirements.txt for other voices and languages.'
)
WHISPER = (
    'Speech cannot be understood because the package faster-whisper is missing or does not work: '
    'run pip install faster-whisper, or remove ENGINE_EARS to use the built-in recogniser.'
)

Package: TypeAlias = Literal['moonshine', 'faster_whisper', 'hibari', 'espeakng_loader', 'voices']


def missing_stages(packages: Iterable[Package]) -> dict[Package, str]:
    """One sentence for each of the packages that is not installed; none when all is well.

    'voices' stands for both packages that speak, hibari and espeakng_loader.
    """
    missing = [package for package in packages if not _is_installed(package)]
    if 'hibari' in missing and 'espeakng_loader' in missing:
        missing = [package for package in missing if package not in ('hibari', 'espeakng_loader')] + ['voices']
    return {package: _SENTENCES[package] for package in missing}


def package_of(sentence: str) -> Package | None:
    """Return the package that one of the sentences is about, None for another sentence."""
    return next((package for package, each in _SENTENCES.items() if each == sentence), None)


def moonshine_weights() -> Path | None:
    """The folder of the recogniser's weights inside the package moonshine-voice; None where they are missing.

    The package is not imported. From version 0.1 on it has no weights any more.
    """
    package = find_spec('moonshine_voice')
    for folder in (package and package.submodule_search_locations) or ():
        weights = Path(folder, 'assets', 'tiny-en')
        if weights.is_dir():
            return weights
    return None


def _is_installed(package: Package) -> bool:
    if package == 'moonshine':
        return moonshine_weights() is not None and find_spec('onnxruntime') is not None
    if package == 'hibari':
        return NATURAL_DEFAULT in natural_models()
    return find_spec(package) is not None


_SENTENCES: dict[Package, str] = {
    'moonshine': RECOGNISER,
    'faster_whisper': WHISPER,
    'hibari': NATURAL_VOICES,
    'espeakng_loader': SIMPLE_VOICES,
    'voices': NO_VOICES,
}
