"""Parley's embedded Realtime server. It imports nothing else of Parley's."""

from .engine import Engine as Engine
from .stage_server import StageServers as StageServers
