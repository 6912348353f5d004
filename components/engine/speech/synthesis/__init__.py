"""Speech synthesis: natural voices for English by hibari, simple ones for everything else by espeak-ng."""
