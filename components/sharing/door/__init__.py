"""How guests get in: passcode, cookie, and the checks that every request passes."""
