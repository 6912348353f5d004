"""The rooms of Parley; README.md is the map."""
