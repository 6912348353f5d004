"""The keys of providers, as the host enters them on the page."""
