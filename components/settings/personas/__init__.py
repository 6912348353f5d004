"""Personas: those that Parley ships with and the user's own, with all that can be done with them."""
