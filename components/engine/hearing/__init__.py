"""How a session listens: voice activity, turn detection, and how likely a pause is the end of a turn."""
