"""Lets other people on the network use Parley as guests: admission, limits, and the host's view of them."""
