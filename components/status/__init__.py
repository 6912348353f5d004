"""The state of a call, for the curious: how it connects, its time, its events and its errors."""
