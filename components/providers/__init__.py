"""Who answers calls, and how to reach them: OpenAI, Parley's engine, and other servers of the same protocol."""
