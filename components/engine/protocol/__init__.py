"""The wire of the Realtime API: session objects, items, events, errors, IDs and usage."""
