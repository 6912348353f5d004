"""The database: how it is opened, brought to the newest version, and what its failures mean."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect
from sqlalchemy import text as sql
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from .entries import Problem

VERSION = '0005'
"""The revision of the newest migration."""
PATIENCE_S = 2.0
"""Seconds to wait for another program that writes to the same SQLite file."""
MIGRATIONS_LOCK = 0x9A71E7
"""The key of PostgreSQL's advisory lock for migrations; any constant."""


class DatabaseProblem(Exception):
    """The database cannot be used; `problem` says why."""

    def __init__(self, problem: Problem, detail: str) -> None:
        super().__init__(detail)
        self.problem = problem


class Database:
    """One database, used by one thread for writing and by others for reading.

    Args:
        url: Where it is, as SQLAlchemy writes it: `sqlite:///…` or `postgresql://…`.

    Attributes:
        is_new: Whether this program has created it, so that no file from before belongs to it.

    Raises:
        ValueError: The URL is of another kind, or no URL.
    """

    def __init__(self, url: str) -> None:
        self.is_new = False
        self._url = _checked(url)
        self._engine: Engine | None = None
        self._opening = Lock()

    @property
    def is_sqlite(self) -> bool:
        """Whether it is a file, not a server."""
        return self._url.get_backend_name() == 'sqlite'

    def recordings_folder(self, data: Path) -> Path:
        """Return the folder for recordings that the rows of this database name: beside its file, or one of its own.

        Args:
            data: The folder of Parley's data, for the recordings of a server.
        """
        if self.is_sqlite:
            return Path(self._url.database or '').parent / 'recordings'
        server = f'{self._url.host}:{self._url.port}/{self._url.database}'
        return data / f'recordings-{sha256(server.encode()).hexdigest()[:16]}'

    @contextmanager
    def transaction(self, *, writing: bool = False) -> Iterator[Connection]:
        """Run statements all together or not at all. Opens the database the first time.

        Raises:
            DatabaseProblem: It could not be opened, read or written.
        """
        try:
            with self._opening:
                engine = self._engine or self._open()
            with engine.connect().execution_options(writing=writing) as connection, connection.begin():
                yield connection
        except DBAPIError as error:
            raise DatabaseProblem(_problem(error.orig, error.connection_invalidated), str(error.orig)) from error
        except sqlite3.Error as error:  # while it was opened
            raise DatabaseProblem(_problem(error), str(error)) from error
        except OSError as error:
            problem = Problem.FULL if error.errno == 28 else Problem.READ_ONLY
            raise DatabaseProblem(problem, str(error)) from error

    def close(self) -> None:
        """Close all connections. The next transaction opens the database again."""
        if self._engine:
            self._engine.dispose()
            self._engine = None

    def _open(self) -> Engine:
        engine = _sqlite(self._url) if self.is_sqlite else create_engine(self._url, pool_size=2, pool_pre_ping=True)
        try:
            self.is_new = _upgrade(engine, self.is_sqlite) or self.is_new
        except BaseException:
            engine.dispose()
            raise
        self._engine = engine
        return engine


def insert_of(dialect: str) -> Any:
    """Return the `insert` of a kind of database, which knows conflicts. Only this kind is loaded."""
    return import_module(f'sqlalchemy.dialects.{dialect}').insert


def check(connection: Connection) -> None:
    """Look for damage in a SQLite file; a server looks after its own.

    Raises:
        DatabaseProblem: The file is damaged.
    """
    if connection.dialect.name == 'sqlite':
        found = connection.execute(sql('PRAGMA quick_check(1)')).scalar()
        if found != 'ok':
            raise DatabaseProblem(Problem.CORRUPT, str(found))


def _checked(url: str) -> URL:
    try:
        read = make_url(url)
        if read.drivername in {'postgresql', 'postgres'}:
            read = read.set(drivername='postgresql+psycopg')
        if read.get_backend_name() in {'sqlite', 'postgresql'}:
            return read
    except ArgumentError:
        pass
    raise ValueError('DATABASE_URL must look like postgresql://user:password@host/name or sqlite:///path/to/file.')


def _sqlite(url: URL) -> Engine:
    path = Path(url.database or '')
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))  # its journals get the same permissions
    path.chmod(0o600)
    engine = create_engine(url, connect_args={'timeout': PATIENCE_S, 'isolation_level': None})

    @event.listens_for(engine, 'connect')
    def prepare(connection: sqlite3.Connection, _: Any) -> None:
        connection.execute('PRAGMA journal_mode = WAL')
        connection.execute('PRAGMA synchronous = NORMAL')  # with WAL a commit survives the end of the program
        connection.execute('PRAGMA foreign_keys = ON')

    @event.listens_for(engine, 'begin')
    def begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get('writing')
        connection.exec_driver_sql('BEGIN IMMEDIATE' if writing else 'BEGIN')

    @event.listens_for(engine, 'commit')
    def commit(connection: Connection) -> None:
        connection.exec_driver_sql('COMMIT')

    @event.listens_for(engine, 'rollback')
    def rollback(connection: Connection) -> None:
        if connection.connection.dbapi_connection.in_transaction:  # type: ignore[union-attr]  # else BEGIN failed
            connection.exec_driver_sql('ROLLBACK')

    return engine


def _upgrade(engine: Engine, is_sqlite: bool) -> bool:
    """Bring the tables to the newest revision. Returns whether there were none."""
    with engine.connect().execution_options(writing=True) as connection, connection.begin():
        if not is_sqlite:
            connection.execute(sql('SELECT pg_advisory_xact_lock(:key)'), {'key': MIGRATIONS_LOCK})
        version = None
        if inspect(connection).has_table('alembic_version'):
            version = connection.execute(sql('SELECT version_num FROM alembic_version')).scalar()
        if version == VERSION:
            return False
        if version is not None and version > VERSION:
            raise DatabaseProblem(Problem.NEWER, f'version {version}, but this program knows {VERSION}')
        from alembic import command  # a start that finds the newest version does not need it
        from alembic.config import Config

        config = Config(attributes={'connection': connection})
        config.set_main_option('script_location', str(Path(__file__).parent / 'migrations'))
        config.set_main_option('path_separator', 'os')
        command.upgrade(config, 'head')
        return version is None


def _problem(error: BaseException | None, disconnected: bool = False) -> Problem:
    message = str(error).casefold()
    if isinstance(error, sqlite3.Error):
        for part, problem in _SQLITE_MESSAGES.items():
            if part in message:
                return problem
        return Problem.OTHER
    code = getattr(error, 'sqlstate', None) or ''
    if disconnected or not code or code[:2] in {'08', '57'}:
        return Problem.UNREACHABLE
    return _POSTGRES_CODES.get(code, Problem.OTHER)


_SQLITE_MESSAGES = {
    'full': Problem.FULL,
    'locked': Problem.LOCKED,
    'readonly': Problem.READ_ONLY,
    'unable to open': Problem.READ_ONLY,
    'malformed': Problem.CORRUPT,
    'not a database': Problem.CORRUPT,
    'disk i/o error': Problem.FULL,
}
_POSTGRES_CODES = {
    '53100': Problem.FULL,
    '25006': Problem.READ_ONLY,
    '55P03': Problem.LOCKED,
    '42501': Problem.READ_ONLY,
}
