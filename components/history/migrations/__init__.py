"""Alembic's migrations of the database, one module for each version of the tables."""
