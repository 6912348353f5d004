"""Minds: they find the answers, which pass through shared filters on their way to the session."""
