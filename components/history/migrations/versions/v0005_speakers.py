"""The persona that gave each answer, by its name at that time."""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'


def upgrade() -> None:
    """Add the column. Of earlier answers only the persona is known that the conversation ended with."""
    op.add_column('turns', sa.Column('persona', sa.Text, nullable=False, server_default=''))
    op.execute(
        'UPDATE turns SET persona = (SELECT persona FROM conversations WHERE id = turns.conversation_id)'
        " WHERE speaker = 'assistant'"
    )
