"""A language model on this computer: the mind, the process in which it runs, and where its file comes from."""
