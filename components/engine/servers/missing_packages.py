"""Notices about packages that the engine's own parts need."""

from components.engine.speech.missing import Package, missing_stages

from .notice import Notice
from .stage_server import StageServer, StageServers


def missing_packages(servers: StageServers) -> list[Notice]:
    """Return a sentence for each package that the engine's own parts need and that is not installed."""
    packages: list[Package] = []
    if not isinstance(servers.ears, StageServer):
        packages.append('faster_whisper' if servers.ears else 'moonshine')
    if not servers.voice:
        packages += ['hibari', 'espeakng_loader']
    return [Notice(sentence, f'no_{package}') for package, sentence in missing_stages(packages).items()]
