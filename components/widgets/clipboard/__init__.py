"""The clipboard: the button that copies, and the module by which it does."""
