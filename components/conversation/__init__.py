"""The conversation as the page shows it, and what a call entails."""
