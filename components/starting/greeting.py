"""The program's own lines in the terminal, at its start and its end."""

import logging
import sys

from components.providers.providers import Providers
from components.words.language import ENGLISH, sentences

GOODBYE = 'Parley has stopped. Goodbye.'


def greeting(url: str, providers: Providers) -> str:
    """Return two lines: the address of the page, and with whom one will talk."""
    answerer = providers.introductions(ENGLISH.text)
    chosen = next(each for each in answerer if each.kind == providers.default)
    whom = sentences(ENGLISH.text('providers.answerer', label=chosen.label, hint=chosen.hint))
    return f'Parley is ready at {url} (Ctrl+C ends it)\n{" ".join(whom.split())}'


def quiet_interrupts() -> None:
    """Keep the traceback out of the terminal with which uvicorn answers a second Ctrl+C."""
    logging.getLogger('uvicorn.error').addFilter(lambda record: 'CancelledError' not in record.getMessage())


def say(text: str) -> None:
    """Print a text at once, as far as the terminal can draw it."""
    if sys.stdout is None:  # a start without a terminal, such as pythonw
        return
    encoding = sys.stdout.encoding or 'ascii'
    sys.stdout.write(text.encode(encoding, 'replace').decode(encoding) + '\n')
    sys.stdout.flush()
