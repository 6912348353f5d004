"""The frame of the dashboard: its look, what all pages begin with, and the drawer of the settings."""
