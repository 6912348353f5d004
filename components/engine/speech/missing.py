"""What to say, and to do, where the package of a stage is not there. Told without loading anything."""

from importlib.util import find_spec

RECOGNISER = (
    'Speech cannot be understood because the package pocketsphinx is missing: it is ready-made for Python 3.11, 3.12 '
    'and 3.13, so please use one of these.'
)
SYNTHESISER = (
    'Answers cannot be spoken because the package espeakng-loader is missing or does not work: install it, '
    'or read the answers instead.'
)


def missing_stages() -> list[str]:
    """One sentence for each stage whose package is not installed; none when all is well."""
    packages = {'pocketsphinx': RECOGNISER, 'espeakng_loader': SYNTHESISER}
    return [sentence for package, sentence in packages.items() if find_spec(package) is None]
