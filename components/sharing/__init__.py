"""Lets other people on the network use Parley as guests: how they get in, what they may use up, what the host sees."""
