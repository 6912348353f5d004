"""Checks the order of a recorded session.

    python -m tests.engine.recording FILE

The file has one JSON object a line: `direction`, which is `sent` for the client's events and `received` for the
server's, and the `event`.
"""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path

from .order import EventOrder
from .response_order import OutOfOrder


def check_recording(lines: Iterable[str]) -> int:
    """Return how many server events there are. Raises `OutOfOrder` or `ValueError` with a sentence."""
    order = EventOrder()
    count = 0
    for number, line in enumerate(lines, start=1):
        try:
            record = json.loads(line)
            if record['direction'] == 'received':
                order.add(record['event'])
                count += 1
        except OutOfOrder as problem:
            raise OutOfOrder(f'Line {number}, {record["event"]["type"]}: {problem}') from problem
        except (ValueError, KeyError, TypeError) as problem:
            raise ValueError(f'Line {number} is no recorded event of the protocol: {problem!r}') from problem
    return count


def main() -> None:
    parser = ArgumentParser(prog='python -m tests.engine.recording', description=__doc__.splitlines()[0])
    parser.add_argument('file', type=Path, help='one recorded event a line, as JSON')
    file: Path = parser.parse_args().file
    try:
        with file.open(encoding='utf-8') as lines:
            count = check_recording(lines)
    except (OSError, ValueError, OutOfOrder) as problem:
        sys.exit(f'{file}: {problem}')
    sys.stdout.write(f'{file}: {count} server events, all in order.\n')


if __name__ == '__main__':
    main()
