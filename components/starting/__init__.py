"""Starts the program: the command line, the services and the secret of the cookies."""
