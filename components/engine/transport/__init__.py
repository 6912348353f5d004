"""The ways between a session and its client: WebRTC, and events as over a WebSocket."""
