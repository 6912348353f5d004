"""Conversations are found again: the words of the search's index, and the sheet that lists, opens and deletes them."""
