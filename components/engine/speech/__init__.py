"""The speech workers: small programs that recognise and synthesise speech, each in a process of its own.

They run without the rest of the engine: nothing here imports from outside of this folder.
"""
