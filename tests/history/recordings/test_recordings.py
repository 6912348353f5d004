"""Recordings are kept in pieces, belong to the host, and go with their conversation."""

import io
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from stat import S_IMODE
from types import SimpleNamespace

import av
import httpx
import numpy as np
import pytest
import pytest_asyncio
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

from components.call.items import Speaker
from components.conversation.transcript.turn import Status, Turn
from components.history.history import UNDO_S, History
from components.history.recordings import recordings
from components.history.recordings.endpoints import LARGEST_PIECE, RecordingEndpoints
from components.history.recordings.recordings import LEAST_FREE
from components.history.recordings.seekable import write_seekable
from components.sharing.visitor import Guest, set_visitor
from tests.history.storage.test_history import HOST, Page

ID = '0123456789abcdef' * 2
TURN = Turn('u1', Speaker.USER, 'Hello', Status.DONE, spoken=True, started_at=1.0, ended_at=2.0, call=1)


@dataclass
class Clock:
    """The time, as the tests say."""

    now: float = 1_000.0


class Visitors:
    """An app whose visitors all are a guest, while there is one."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.guest: Guest | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.guest:
            set_visitor(scope, self.guest)
        await self.app(scope, receive, send)


class Host:
    """A page of the host that records the conversation `c1`."""

    def __init__(self, folder: Path) -> None:
        self.clock = Clock()
        self.history = History(f'sqlite:///{folder / "history.sqlite3"}', lambda: self.clock.now)
        self.files = folder / 'recordings'
        self.visitors = Visitors(Starlette(routes=RecordingEndpoints(self.history).routes))
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(self.visitors), base_url='http://parley')

    async def send(self, number: int, data: bytes, *, last: bool = False, age: float = 5.0, id: str = ID) -> int:
        """Send a piece, and return the HTTP status."""
        query = f'age={age}&seconds={min(age, 2.0 * (number + 1))}{"&last" if last else ""}'
        headers = {'Content-Type': 'audio/webm'}
        url = f'/c/c1/recordings/{id}/{number}?{query}'
        return (await self.client.post(url, content=data, headers=headers)).status_code

    async def hear(self, **headers: str) -> httpx.Response:
        return await self.client.get(f'/c/c1/recordings/{ID}', headers=headers)

    def names(self) -> list[str]:
        return [path.name for path in self.files.iterdir()] if self.files.exists() else []


@pytest_asyncio.fixture
async def host(tmp_path: Path) -> AsyncIterator[Host]:
    host = Host(tmp_path)
    await host.history.start()
    await Page(host.history).keeps(TURN)
    yield host
    await host.client.aclose()
    await host.history.close()


async def test_pieces_become_one_file_whatever_is_sent_twice(host: Host) -> None:
    assert [await host.send(0, b'ab'), await host.send(1, b'cd'), await host.send(1, b'cd')] == [204, 204, 204]
    assert await host.send(3, b'gh') == 409  # a gap would make the rest unplayable
    assert await host.send(2, b'ef', last=True) == 204
    assert (await host.hear()).content == b'abcdef'
    found = await host.history.load(HOST, 'c1')
    assert found
    (recording,) = found.recordings
    assert (recording.started_at, recording.seconds, recording.bytes, recording.finished) == (995.0, 5.0, 6, True)
    assert S_IMODE(host.files.stat().st_mode) == 0o700
    assert S_IMODE((host.files / ID).stat().st_mode) == 0o600


async def test_a_piece_that_was_half_written_when_the_program_was_killed_is_written_again(host: Host) -> None:
    await host.send(0, b'ab')
    with (host.files / ID).open('ab') as file:
        file.write(b'cX')  # and the row was not changed
    assert await host.send(1, b'cde') == 204
    assert (await host.hear()).content == b'abcde'


async def test_a_complete_recording_tells_its_duration_and_players_can_seek_in_it(host: Host) -> None:
    sound = recorded(seconds=20)
    with av.open(io.BytesIO(sound), 'r') as file:
        assert file.duration is None, 'a browser knows no duration while it records'
    host.clock.now += 60
    assert await host.send(0, sound[:-1000], age=18.0) == 204
    assert await host.send(1, sound[-1000:], last=True, age=20.0) == 204
    assert host.names() == [ID]
    assert S_IMODE((host.files / ID).stat().st_mode) == 0o600
    answer = await host.hear()
    with av.open(io.BytesIO(answer.content), 'r') as file:
        assert file.duration
        assert abs(file.duration / av.time_base - 20) < 0.1
        file.seek(15 * av.time_base)
        packet = next(file.demux(audio=0))
        assert packet.pts is not None
        assert packet.time_base
        assert 9 < packet.pts * packet.time_base <= 15
    before, after = (frames(content) for content in (sound, answer.content))
    assert before == after, 'the sound is the same'
    found = await host.history.load(HOST, 'c1')
    assert found
    assert found.recordings[0].bytes == len(answer.content)


async def test_a_sweep_leaves_a_recording_alone_that_is_being_completed(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slowly(source: Path, target: Path, media_type: str) -> bool:
        is_written = write_seekable(source, target, media_type)
        host.history.recordings.sweep()
        return is_written

    monkeypatch.setattr(recordings, 'write_seekable', slowly)
    sound = recorded(seconds=2)
    assert await host.send(0, sound, last=True) == 204
    with av.open(io.BytesIO((await host.hear()).content), 'r') as file:
        assert file.duration
    assert host.names() == [ID]


async def test_the_player_gets_parts_and_a_file_to_save(host: Host) -> None:
    await host.send(0, b'abcdef', last=True)
    part = await host.hear(Range='bytes=2-3')
    assert (part.status_code, part.content, part.headers['Content-Range']) == (206, b'cd', 'bytes 2-3/6')
    assert part.headers['X-Content-Type-Options'] == 'nosniff'
    assert part.headers['Cache-Control'] == 'no-store'
    assert part.headers['Content-Type'] == 'audio/webm'
    saved = await host.client.get(f'/c/c1/recordings/{ID}?download=2026-11-29')
    assert 'filename="Hello 2026-11-29.webm"' in saved.headers['Content-Disposition']


async def test_only_the_host_records_and_listens(host: Host) -> None:
    await host.send(0, b'ab', last=True)
    host.visitors.guest = Guest('g1', 'Ann', 'mac', '10.0.0.2', 0.0)
    assert await host.send(0, b'ab', id='f' * 32) == 403
    assert (await host.hear()).status_code == 404
    assert host.names() == [ID]


@pytest.mark.parametrize('url', ['c2/recordings/' + ID, 'c1/recordings/..%2Fhistory', 'c1/recordings/abc'])
async def test_sound_of_no_conversation_or_name_is_not_kept(host: Host, url: str) -> None:
    answer = await host.client.post(
        f'/c/{url}/0?age=1&seconds=1', content=b'ab', headers={'Content-Type': 'audio/webm'}
    )
    assert answer.status_code in {400, 404}
    assert host.names() == []


async def test_floods_are_refused(host: Host) -> None:
    assert await host.send(0, bytes(LARGEST_PIECE + 1)) == 413
    assert await host.send(0, bytes(600_000), age=5) == 429  # faster than any recorder
    host.clock.now += 60
    assert await host.send(0, bytes(600_000), age=65) == 204
    html = await host.client.post(f'/c/c1/recordings/{ID}/1?age=1&seconds=1', headers={'Content-Type': 'text/html'})
    assert html.status_code == 415


async def test_a_full_disk_ends_the_recording_and_harms_nothing(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    await host.send(0, b'ab')
    monkeypatch.setattr(shutil, 'disk_usage', lambda _: SimpleNamespace(free=LEAST_FREE))
    assert await host.send(1, b'cd') == 507
    assert (await host.hear()).content == b'ab'
    assert host.history.problem is None  # words are still stored


async def test_a_deletion_takes_the_sound_along_once_it_cannot_be_undone(host: Host) -> None:
    await host.send(0, b'ab', last=True)
    await host.history.delete(HOST, 'c1')
    assert (await host.hear()).status_code == 404
    await host.history.expire()
    assert host.names() == [ID]
    await host.history.restore(HOST, 'c1')
    assert (await host.hear()).content == b'ab'
    await host.history.delete(HOST, 'c1')
    host.clock.now += UNDO_S + 1
    await host.history.expire()
    assert host.names() == []
    assert await host.send(1, b'cd') == 404
    assert host.names() == []


async def test_deleting_everything_takes_all_sound_along(host: Host) -> None:
    await host.send(0, b'ab')
    await host.history.delete_all(HOST)
    assert host.names() == []


async def test_a_start_removes_files_that_belong_to_nothing(host: Host) -> None:
    await host.send(0, b'ab', last=True)
    (host.files / ('e' * 32)).write_bytes(b'lost')
    await host.history.expire()  # as every start does
    assert host.names() == [ID]


async def test_sound_of_a_database_that_was_moved_away_is_kept_aside(host: Host, tmp_path: Path) -> None:
    await host.send(0, b'x' * 100)
    await host.history.close()
    (tmp_path / 'history.sqlite3').rename(tmp_path / 'damaged.sqlite3')
    again = Host(tmp_path)
    await again.history.start()
    await again.history.expire()
    await again.history.close()
    assert again.names() == []
    assert (tmp_path / 'recordings-until-1000' / ID).exists()


def recorded(seconds: int) -> bytes:
    """Return sound as a browser sends it while it records: Opus in WebM without a duration and an index."""
    file = io.BytesIO()
    with av.open(file, 'w', format='webm', options={'live': '1'}) as container:
        stream = container.add_stream('libopus', rate=48_000, layout='stereo')
        for start in range(0, 48_000 * seconds, 960):
            frame = av.AudioFrame.from_ndarray(np.zeros((1, 1920), '<i2'), format='s16', layout='stereo')
            frame.sample_rate, frame.pts = 48_000, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return file.getvalue()


def frames(file: bytes) -> list[bytes]:
    """Return the encoded sound of a file."""
    with av.open(io.BytesIO(file), 'r') as container:
        return [bytes(packet) for packet in container.demux(audio=0)]
