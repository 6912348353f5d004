"""Parley's own engine as a provider, in this program."""
