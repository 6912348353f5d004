"""The tables in which conversations are kept, as the newest migration leaves them."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

METADATA = MetaData()

_Id = BigInteger().with_variant(Integer, 'sqlite')  # only INTEGER makes SQLite count by itself


def _of_conversation() -> Column[str]:
    return Column(
        'conversation_id', String(32), ForeignKey('conversations.id', ondelete='CASCADE'), nullable=False, index=True
    )


CONVERSATIONS = Table(
    'conversations',
    METADATA,
    Column('id', String(32), primary_key=True),
    Column('owner', String(80), nullable=False),
    Column('title', Text, nullable=False),
    Column('titled_by_hand', Boolean, nullable=False),
    Column('persona', Text, nullable=False),
    Column('started_at', Float(53), nullable=False),
    Column('updated_at', Float(53), nullable=False),
    Column('deleted_at', Float(53)),
    Column('summary', Text, nullable=False),
    Column('summary_until', Text),
    Index('conversations_of_owner', 'owner', 'updated_at'),
)

CALLS = Table(
    'calls',
    METADATA,
    Column('conversation_id', String(32), ForeignKey('conversations.id', ondelete='CASCADE'), primary_key=True),
    Column('number', Integer, primary_key=True),
    Column('started_at', Float(53), nullable=False),
    Column('begun', String(20), nullable=False),
    Column('provider', Text, nullable=False),
    Column('model', Text, nullable=False),
    Column('voice', Text, nullable=False),
    Column('settings', Text, nullable=False),
    Column('transport', String(20), nullable=False),
    Column('older_told', String(20), nullable=False),
    Column('older_summary', Text, nullable=False),
    Column('ended_at', Float(53)),
    Column('end_reason', Text),
    Column('usage', JSON, nullable=False),
)

TURNS = Table(
    'turns',
    METADATA,
    Column('id', _Id, primary_key=True),
    _of_conversation(),
    Column('item_id', Text, nullable=False),
    Column('position', Float(53), nullable=False),
    Column('call', Integer, nullable=False),
    Column('speaker', String(20), nullable=False),
    Column('status', String(20), nullable=False),
    Column('text', Text, nullable=False),
    Column('spoken', Boolean, nullable=False),
    Column('reason', Text),
    Column('response_id', Text),
    Column('call_id', Text),
    Column('tokens', Integer),
    Column('audio_end_ms', Integer),
    Column('heard', Integer),
    Column('started_at', Float(53)),
    Column('ended_at', Float(53)),
    Column('sound_started_at', Float(53)),
    Column('sound_ended_at', Float(53)),
    Column('persona', Text, nullable=False),
    UniqueConstraint('conversation_id', 'item_id'),
)

PICTURES = Table(
    'pictures',
    METADATA,
    Column('turn', _Id, ForeignKey('turns.id', ondelete='CASCADE'), primary_key=True),
    Column('number', Integer, primary_key=True),
    Column('media_type', String(40), nullable=False),
    Column('data', LargeBinary, nullable=False),
)

RECORDINGS = Table(
    'recordings',
    METADATA,
    Column('id', String(32), primary_key=True),
    _of_conversation(),
    Column('call', Integer, nullable=False),
    Column('started_at', Float(53), nullable=False),
    Column('changed_at', Float(53), nullable=False),
    Column('media_type', String(80), nullable=False),
    Column('pieces', Integer, nullable=False),
    Column('bytes', BigInteger, nullable=False),
    Column('seconds', Float(53), nullable=False),
    Column('finished', Boolean, nullable=False),
)

PEOPLE = Table(
    'people',
    METADATA,
    Column('owner', String(80), primary_key=True),
    Column('keep_days', Integer),
)
