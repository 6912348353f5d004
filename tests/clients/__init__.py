"""Other people's clients, unmodified, in conversation with the engine.

    python -m tests.clients [openai_agents ...]

Each client has an environment of its own, with pinned versions, in the user's cache folder; the command makes it once.
pytest runs the clients whose environment exists, and skips the others.
"""
