"""An embedded Realtime API server. It imports no other room of Parley; see README.md."""

from components.engine.servers.stage_server import StageServers as StageServers

from .engine import Engine as Engine
