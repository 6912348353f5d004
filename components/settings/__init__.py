"""The settings: one table, the panel that edits it, and what a call makes of it."""
