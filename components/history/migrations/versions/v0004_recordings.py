"""Recordings of the sound of calls. The sound itself lies in files in Parley's data folder."""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        'recordings',
        sa.Column('id', sa.String(32), primary_key=True),
        sa.Column(
            'conversation_id', sa.String(32), sa.ForeignKey('conversations.id', ondelete='CASCADE'), nullable=False
        ),
        sa.Column('call', sa.Integer, nullable=False),
        sa.Column('started_at', sa.Float(53), nullable=False),
        sa.Column('changed_at', sa.Float(53), nullable=False),
        sa.Column('media_type', sa.String(80), nullable=False),
        sa.Column('pieces', sa.Integer, nullable=False),
        sa.Column('bytes', sa.BigInteger, nullable=False),
        sa.Column('seconds', sa.Float(53), nullable=False),
        sa.Column('finished', sa.Boolean, nullable=False),
    )
    op.create_index('ix_recordings_conversation_id', 'recordings', ['conversation_id'])
