"""Sharing on the host's page: the invitation, the list of guests, and the audience view."""
