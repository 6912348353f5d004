"""Conversations: kept as they happen, found again, gone on with. See the README."""
