"""The engine's HTTP and WebSocket endpoints, its keys, and who may use them."""
