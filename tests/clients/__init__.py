"""Other people's clients, unmodified, in conversation with the engine.

    python -m tests.clients [openai_agents ...]

`litellm` is a gateway: Parley's page talks with the engine through it. Each has an environment of its own,
with pinned versions, in the user's cache folder; the command makes it once. pytest runs the clients whose environment
exists, and skips the others.
"""
