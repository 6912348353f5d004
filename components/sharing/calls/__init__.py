"""Guests' calls: counted, limited, and hung up by Python."""
