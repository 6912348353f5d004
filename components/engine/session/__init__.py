"""A session of the Realtime API: the conversation, its turns, its responses and recordings."""
