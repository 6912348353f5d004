"""What to say, and to do, where the package of a stage is not there. Told without loading anything."""

from collections.abc import Iterable
from importlib.util import find_spec
from typing import Literal, TypeAlias

RECOGNISER = (
    'Speech cannot be understood because the package pocketsphinx is missing: it is ready-made for Python 3.11, 3.12 '
    'and 3.13, so please use one of these.'
)
SYNTHESISER = (
    'Answers cannot be spoken because the package espeakng-loader is missing or does not work: install it, '
    'or read the answers instead.'
)
WHISPER = (
    'Speech cannot be understood because the package faster-whisper is missing or does not work: '
    'run pip install faster-whisper, or remove ENGINE_EARS to use the built-in recogniser.'
)

Package: TypeAlias = Literal['pocketsphinx', 'faster_whisper', 'espeakng_loader']


def missing_stages(packages: Iterable[Package]) -> dict[Package, str]:
    """One sentence for each of the packages that is not installed; none when all is well."""
    return {package: _SENTENCES[package] for package in packages if find_spec(package) is None}


_SENTENCES: dict[Package, str] = {
    'pocketsphinx': RECOGNISER,
    'faster_whisper': WHISPER,
    'espeakng_loader': SYNTHESISER,
}
