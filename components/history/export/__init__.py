"""Conversations as files: to read, to watch beside a recording, and to import again."""
