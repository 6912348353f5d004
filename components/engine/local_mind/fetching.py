"""Fetches a model file from its hub: resumable, checked, and never half in place."""

import asyncio
import errno
import hashlib
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Literal, TypeAlias

import httpx

from .models import ListedModel

FetchProblem: TypeAlias = Literal['unreachable', 'refused', 'broken_off', 'disk_full', 'no_access', 'wrong_file']
Stage: TypeAlias = Literal['fetching', 'checking']
Free: TypeAlias = Callable[[Path], int]

MARGIN = 500_000_000
"""Bytes of the disk that stay free in any case: a full disk harms more than this program."""


class FetchError(Exception):
    """The file was not fetched. The part that had arrived is kept, unless it was wrong.

    Attributes:
        problem: The hub cannot be reached, refuses, or broke off; the disk has too little room or must not be written
            to; or the file is another one than it should be.
        status: The HTTP status of a refusal.
    """

    def __init__(self, problem: FetchProblem, status: int = 0) -> None:
        super().__init__(f'{problem} {status or ""}'.strip())
        self.problem = problem
        self.status = status


class Fetch:
    """Fetches one model into a folder. It may be run again after an error or a cancellation, and then goes on.

    The file grows beside its place, under a name that ends with `.part`, and is moved there when it is checked.

    Args:
        model: The model.
        folder: The folder of model files, which is created for the owner alone.
        client: Sends the requests. The caller closes it.
        free: Tells the free bytes of the disk of a folder.

    Attributes:
        received: Bytes that are there.
        stage: Whether the file is being fetched or checked.
    """

    def __init__(
        self, model: ListedModel, folder: Path, client: httpx.AsyncClient, *, free: Free = lambda path: free_bytes(path)
    ) -> None:
        self.model = model
        self.received = 0
        self.stage: Stage = 'fetching'
        self._file = folder / model.file
        self._part = part_of(self._file)
        self._version = self._part.with_suffix('.version')  # the ETag of what the part belongs to
        self._client = client
        self._free = free

    async def run(self) -> Path:
        """Return the file once it is complete and checked.

        Raises:
            FetchError: It is not.
        """
        with _disk_errors():
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.stage, self.received = 'fetching', _size(self._part)
            if self.received < self.model.bytes:
                await self._receive()
            self.stage = 'checking'
            if not await asyncio.to_thread(self._is_right):
                self._drop()
                raise FetchError('wrong_file')
            self._part.replace(self._file)
            self._version.unlink(missing_ok=True)
        return self._file

    async def _receive(self) -> None:
        self._need_room()
        try:
            async with self._client.stream('GET', self.model.url, headers=self._headers()) as response:
                with self._open(response) as part:
                    async for data in response.aiter_bytes(_BLOCK):
                        await asyncio.to_thread(part.write, data)
                        self.received += len(data)
                        if self.received > self.model.bytes:
                            break
                        self._need_room()
        except httpx.HTTPError as error:
            began = not isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.UnsupportedProtocol)
            raise FetchError('broken_off' if began else 'unreachable') from error
        if self.received < self.model.bytes:
            raise FetchError('broken_off')

    def _headers(self) -> dict[str, str]:
        """Ask for the rest of the file, if it still is the same one: without a hash only its ETag can tell."""
        plain = {'Accept-Encoding': 'identity'}
        version = self._version.read_text(encoding='ascii') if self._version.exists() else ''
        if not self.received or not (version or self.model.sha256):
            return plain
        return {**plain, 'Range': f'bytes={self.received}-', **({'If-Range': version} if version else {})}

    def _open(self, response: httpx.Response) -> BinaryIO:
        """Open the part at the place where the response begins."""
        if response.status_code == 206:
            begin = re.match(r'bytes (\d+)-', response.headers.get('Content-Range', ''))
            if not begin or int(begin[1]) != self.received:
                raise FetchError('wrong_file')
        elif response.status_code == 200:
            self.received = 0
        elif response.status_code == 416:  # what is there is longer than the file: begin anew next time
            self._drop()
            raise FetchError('broken_off')
        else:
            raise FetchError('refused', response.status_code)
        etag = response.headers.get('ETag', '')
        strong = etag if etag.startswith('"') and etag.isascii() else ''
        if not self.received:
            with _private(self._version, 'wb') as version:
                version.write(strong.encode())
        return _private(self._part, 'ab' if self.received else 'wb')

    def _need_room(self) -> None:
        if self._free(self._file.parent) < self.model.bytes - self.received + MARGIN:
            raise FetchError('disk_full')

    def _is_right(self) -> bool:
        if _size(self._part) != self.model.bytes:
            return False
        with self._part.open('rb') as part:
            if part.read(4) != b'GGUF':
                return False
            part.seek(0)
            return not self.model.sha256 or hashlib.file_digest(part, 'sha256').hexdigest() == self.model.sha256

    def _drop(self) -> None:
        self._part.unlink(missing_ok=True)
        self._version.unlink(missing_ok=True)
        self.received = 0


def part_of(file: Path) -> Path:
    """Return where a file grows until it is complete."""
    return file.with_name(f'{file.name}.part')


def free_bytes(folder: Path) -> int:
    """Return the free bytes of the disk on which a folder is, or will be."""
    existing = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    return shutil.disk_usage(existing).free


@contextmanager
def _disk_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        raise FetchError('disk_full' if full else 'no_access') from error


def _private(path: Path, mode: Literal['wb', 'ab']) -> BinaryIO:
    """Open a file that only its owner may read."""
    return open(path, mode, buffering=0, opener=lambda name, flags: os.open(name, flags, 0o600))


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


_BLOCK = 1 << 20
