"""Sessions with a service: over a WebSocket or within this program, in the protocol of today or of former times."""
