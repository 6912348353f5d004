"""The second way for sound: over a WebSocket through Python, for networks that WebRTC cannot pass."""
