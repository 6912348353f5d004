"""Services that answer calls, and how to reach them: OpenAI, Parley's engine, and servers of the same protocol."""
