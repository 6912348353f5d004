"""Recordings of the sound of calls: where they are kept, how they come and go, and how they are played."""
