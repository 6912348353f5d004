"""Small elements that several rooms use."""
