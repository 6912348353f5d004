"""The program of a local model's process: it answers requests from its stdin by llama.cpp, until that closes.

The model has a process of its own because it keeps a core busy for seconds, and because a crash of native code or a
lack of memory must cost one answer instead of the engine. Nothing here imports from outside of this folder.
"""

import os
import secrets
import signal
import sys
import threading
from typing import Any

from .messages import Answer, Cancel, Chunk, Finished, Ready, Refused, Reply, TooLong, decode, encode


def main() -> None:
    """Load a model file and answer. The command line names it, and the numbers of its context, slots and threads."""
    if hasattr(os, 'nice'):
        os.nice(_NICENESS)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the engine, which then closes stdin
    output = os.fdopen(os.dup(1), 'wb')
    os.dup2(2, 1)  # what native code prints must not get between the messages
    writing = threading.Lock()

    def send(reply: Reply) -> None:
        try:
            with writing:
                output.write(encode(reply))
                output.flush()
        except BrokenPipeError:
            os._exit(0)  # the engine is gone

    path, context, slots, threads = sys.argv[2:]
    try:
        server = _load(path, context=int(context), slots=int(slots), threads=int(threads))
    except ImportError:
        send(Ready('no_package'))
    except RuntimeError:  # llama.cpp has printed why
        send(Ready('not_loaded'))
    else:
        send(Ready())
        answers = _Answers(server, send)
        for line in sys.stdin.buffer:
            answers.take(decode(line))
    sys.stderr.flush()
    os._exit(0)  # without waiting for answers that nobody reads any more


class _Answers:
    """The answers that are being made, each in a thread, in which llama.cpp calls back with its chunks."""

    def __init__(self, server: Any, send: Any) -> None:
        self._server = server
        self._send = send
        self._running: set[int] = set()

    def take(self, request: object) -> None:
        match request:
            case Answer(id, fields):
                self._running.add(id)
                threading.Thread(target=self._answer, args=(id, fields), daemon=True).start()
            case Cancel(id):
                self._running.discard(id)

    def _answer(self, id: int, request: dict[str, Any]) -> None:
        def take(chunk: dict[str, Any]) -> bool:
            """Pass a chunk on. A true value makes llama.cpp stop."""
            if id not in self._running:
                return True
            if error := chunk.get('error'):
                self._fail(id, error)
            elif chunk.get('choices') and 'prompt_progress' not in chunk:
                self._send(Chunk(id, chunk))
            return id not in self._running

        try:
            self._server.handle_chat_completions(request, take)
        except (RuntimeError, ValueError) as error:
            self._fail(id, {'message': str(error)})
        if id in self._running:
            self._running.discard(id)
            self._send(Finished(id))

    def _fail(self, id: int, error: dict[str, Any]) -> None:
        self._running.discard(id)
        if error.get('type') == 'exceed_context_size_error':
            self._send(TooLong(id, error['n_prompt_tokens']))
        else:
            self._send(Refused(id, str(error.get('message', ''))))


def _load(path: str, *, context: int, slots: int, threads: int) -> Any:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = path
    params.n_ctx = context
    params.n_parallel = slots
    params.kv_unified = True  # one long conversation may have the whole context
    params.n_batch = params.n_ubatch = _BATCH
    params.cache_ram_mib = 0
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    params.fit_params = False
    params.verbosity = -1
    # The package opens a port at the loopback address. Without this secret nobody gets an answer there.
    params.api_keys = [secrets.token_urlsafe()]
    params.endpoint_slots = params.endpoint_props = params.endpoint_metrics = False
    return xllamacpp.Server(params)


# Tokens of a prompt evaluated at once. In between, an answer can be cancelled and others go on.
_BATCH = 64
# The speech workers have 10: the voice must not wait for the words after those it speaks.
_NICENESS = 12
