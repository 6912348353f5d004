"""The sheet on which conversations are found, opened, renamed, deleted and taken out."""
