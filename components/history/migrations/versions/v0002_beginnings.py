"""An index of the beginnings of words in SQLite, so that one letter finds as fast as a word.

PostgreSQL finds beginnings in the index that it has.
"""

from alembic import op

revision = '0002'
down_revision = '0001'


def upgrade() -> None:
    """Make the table of words anew: FTS5 cannot add the index to one that exists."""
    if op.get_bind().dialect.name == 'sqlite':
        op.execute('CREATE TABLE former_words AS SELECT rowid AS turn, tokens FROM words')
        op.execute('DROP TABLE words')
        op.execute('CREATE VIRTUAL TABLE words USING fts5 (tokens, tokenize = "ascii", prefix = "1 2")')
        op.execute('INSERT INTO words (rowid, tokens) SELECT turn, tokens FROM former_words')
        op.execute('DROP TABLE former_words')
