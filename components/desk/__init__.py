"""Tickets: all that a browser needs to place one call, by either transport."""
