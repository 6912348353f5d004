"""Whether a page may use a device at all."""
