"""Conversations, their calls, turns and pictures, and the index of words.

Migrations repeat the tables as they were, because `tables.py` goes on changing.
"""

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None

ID = sa.BigInteger().with_variant(sa.Integer, 'sqlite')
CONVERSATION = 'conversations.id'


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        'conversations',
        sa.Column('id', sa.String(32), primary_key=True),
        sa.Column('owner', sa.String(80), nullable=False),
        sa.Column('title', sa.Text, nullable=False),
        sa.Column('titled_by_hand', sa.Boolean, nullable=False),
        sa.Column('persona', sa.Text, nullable=False),
        sa.Column('started_at', sa.Float(53), nullable=False),
        sa.Column('updated_at', sa.Float(53), nullable=False),
        sa.Column('deleted_at', sa.Float(53)),
    )
    op.create_index('conversations_of_owner', 'conversations', ['owner', 'updated_at'])
    op.create_table(
        'calls',
        sa.Column('conversation_id', sa.String(32), sa.ForeignKey(CONVERSATION, ondelete='CASCADE'), primary_key=True),
        sa.Column('number', sa.Integer, primary_key=True),
        sa.Column('started_at', sa.Float(53), nullable=False),
        sa.Column('begun', sa.String(20), nullable=False),
        sa.Column('provider', sa.Text, nullable=False),
        sa.Column('model', sa.Text, nullable=False),
        sa.Column('voice', sa.Text, nullable=False),
        sa.Column('settings', sa.Text, nullable=False),
        sa.Column('ended_at', sa.Float(53)),
        sa.Column('end_reason', sa.Text),
        sa.Column('usage', sa.JSON, nullable=False),
    )
    op.create_table(
        'turns',
        sa.Column('id', ID, primary_key=True),
        sa.Column('conversation_id', sa.String(32), sa.ForeignKey(CONVERSATION, ondelete='CASCADE'), nullable=False),
        sa.Column('item_id', sa.Text, nullable=False),
        sa.Column('position', sa.Float(53), nullable=False),
        sa.Column('call', sa.Integer, nullable=False),
        sa.Column('speaker', sa.String(20), nullable=False),
        sa.Column('status', sa.String(20), nullable=False),
        sa.Column('text', sa.Text, nullable=False),
        sa.Column('spoken', sa.Boolean, nullable=False),
        sa.Column('reason', sa.Text),
        sa.Column('response_id', sa.Text),
        sa.Column('call_id', sa.Text),
        sa.Column('tokens', sa.Integer),
        sa.Column('audio_end_ms', sa.Integer),
        sa.Column('heard', sa.Integer),
        sa.Column('started_at', sa.Float(53)),
        sa.Column('ended_at', sa.Float(53)),
        sa.UniqueConstraint('conversation_id', 'item_id'),
    )
    op.create_index('ix_turns_conversation_id', 'turns', ['conversation_id'])
    op.create_table(
        'pictures',
        sa.Column('turn', ID, sa.ForeignKey('turns.id', ondelete='CASCADE'), primary_key=True),
        sa.Column('number', sa.Integer, primary_key=True),
        sa.Column('media_type', sa.String(40), nullable=False),
        sa.Column('data', sa.LargeBinary, nullable=False),
    )
    op.create_table(
        'people',
        sa.Column('owner', sa.String(80), primary_key=True),
        sa.Column('keep_days', sa.Integer),
    )
    if op.get_bind().dialect.name == 'sqlite':
        op.execute('CREATE VIRTUAL TABLE words USING fts5 (tokens, tokenize = "ascii")')  # divides at spaces only
        op.execute(
            'CREATE TRIGGER turns_forget_words AFTER DELETE ON turns BEGIN DELETE FROM words WHERE rowid = old.id; END'
        )
    else:
        op.execute(
            'CREATE TABLE words (turn BIGINT PRIMARY KEY REFERENCES turns (id) ON DELETE CASCADE,'
            ' tokens TSVECTOR NOT NULL)'
        )
        op.execute('CREATE INDEX words_tokens ON words USING gin (tokens)')
