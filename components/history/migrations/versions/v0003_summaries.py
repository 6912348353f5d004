"""Summaries of the older parts of conversations, how calls travelled, and when turns could be heard."""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'


def upgrade() -> None:
    """Add the columns. Nothing is known of what was said before."""
    op.add_column('conversations', sa.Column('summary', sa.Text, nullable=False, server_default=''))
    op.add_column('conversations', sa.Column('summary_until', sa.Text))
    op.add_column('calls', sa.Column('transport', sa.String(20), nullable=False, server_default=''))
    op.add_column('calls', sa.Column('older_told', sa.String(20), nullable=False, server_default=''))
    op.add_column('calls', sa.Column('older_summary', sa.Text, nullable=False, server_default=''))
    op.add_column('turns', sa.Column('sound_started_at', sa.Float(53)))
    op.add_column('turns', sa.Column('sound_ended_at', sa.Float(53)))
