"""One call between a browser and a service."""
