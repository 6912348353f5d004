"""Tests of the keys that the host enters."""
