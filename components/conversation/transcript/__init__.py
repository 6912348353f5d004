"""The transcript: server events in, ordered turns out. Pure: knows neither a page nor a network."""
