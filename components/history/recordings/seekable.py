"""Files of recordings that say how long they are, and where their parts lie."""

import logging
import os
from pathlib import Path

CONTAINERS = {'audio/webm': 'webm', 'audio/mp4': 'mp4'}
"""The containers to write anew, by media types. Ogg is not among them: each of its pages says its time."""

log = logging.getLogger(__name__)


def write_seekable(source: Path, target: Path, media_type: str) -> bool:
    """Write a recording anew, with its duration and an index of its parts. The sound is copied as it is.

    Browsers send what they record while it grows, so that its header tells neither: players show no length then, and
    cannot go to a place before they have read all that is before it.

    Args:
        source: The recording as it came from the browser.
        target: The file to write; only its owner can read it.
        media_type: What the recording is.

    Returns:
        Whether the file was written. It is not if its container needs no such thing, or cannot be read or written.
    """
    if media_type not in CONTAINERS:
        return False
    import av  # takes 50 ms, which the start need not wait for

    try:
        descriptor = os.open(target, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        with (
            os.fdopen(descriptor, 'r+b') as file,
            av.open(source) as recorded,
            av.open(file, 'w', format=CONTAINERS[media_type]) as written,
        ):
            sound = recorded.streams.audio[0]
            copy = written.add_stream_from_template(sound)
            for packet in recorded.demux(sound):
                if packet.dts is not None:  # the last one, which is empty, has no time
                    packet.stream = copy
                    written.mux(packet)
    except (av.FFmpegError, OSError, IndexError) as error:
        log.warning('A recording stays without its duration: %s', error)
        target.unlink(missing_ok=True)
        return False
    return True
