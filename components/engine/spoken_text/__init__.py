"""Text made ready for a voice: what a mind writes becomes sentences of plain words."""
