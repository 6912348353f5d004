"""Parley's embedded Realtime server. It imports nothing else of Parley's."""

from components.engine.servers.stage_server import StageServers as StageServers

from .engine import Engine as Engine
