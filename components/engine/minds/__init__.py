"""Minds: what finds the answers, and what every mind's answer passes through on its way to the session."""
