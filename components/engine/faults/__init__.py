"""Faults on demand, for tests of clients: wrappers around the engine's parts."""
