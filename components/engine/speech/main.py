"""The program of a speech worker. It does the work of one stage as asked on its stdin, until that closes.

Recogniser and synthesiser are processes of their own, for three reasons. Recognition keeps a core busy for a tenth of
a second at a time, so neither sound nor the other stage may wait for it. A crash of native code costs one utterance
instead of the engine. And espeak-ng is under the GPL 3, so nothing else of the engine is linked with it, except for the
natural voices in the same process: their Apache licence 2.0 allows it.
"""

import os
import signal
import sys

from .frames import FrameReader, Ready, Reply, encode
from .missing import RECOGNISER
from .stage import Send, Stage, StageMissingError


def main() -> None:
    """Run the stage that the command line names: 'synthesiser', or 'recogniser' and maybe a model of faster-whisper."""
    if hasattr(os, 'nice'):
        os.nice(_NICENESS[sys.argv[2]])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the engine, which then closes stdin
    output = os.fdopen(os.dup(1), 'wb')
    os.dup2(2, 1)  # what native code prints must not get between the frames

    def send(reply: Reply) -> None:
        try:
            output.write(encode(reply))
            output.flush()
        except BrokenPipeError:
            os._exit(0)  # the engine is gone

    try:
        stage = _open(send, *sys.argv[2:])
    except StageMissingError as error:
        send(Ready(None, str(error)))
        return
    send(Ready(stage.ability, stage.problem))
    requests = FrameReader()
    while data := os.read(0, _MOST_BYTES):
        for request in requests.feed(data):
            stage.take(request)
        if len(data) < _MOST_BYTES:  # nothing else waits
            stage.catch_up()


def _open(send: Send, stage: str, model: str = '') -> Stage:
    """The stage, whose libraries only this process needs and loads."""
    if stage == 'synthesiser':
        from .synthesis.synthesiser import open_synthesiser

        return open_synthesiser(send)
    if model:
        from .whisper import open_whisper

        return open_whisper(send, model)
    try:
        from .recogniser import open_recogniser
    except (ImportError, OSError) as error:
        raise StageMissingError(RECOGNISER) from error
    return open_recogniser(send)


_MOST_BYTES = 65_536  # read at once: what a pipe holds
# On a busy machine words come later before sound stutters: with 8 calls on 2 cores, 1 % of the frames are late instead
# of 18 % (tests.bench.engine.talking). The synthesiser has far less to do, and its work delays the first sound of an
# answer: with both cores busy, that comes after 0.4 to 0.7 s with a niceness of 5, after 0.6 to 1.6 s with one of 10.
_NICENESS = {'recogniser': 10, 'synthesiser': 5}
