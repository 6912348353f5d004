"""The rows of the chat, as the browser renders them: turns with their Markdown, and dividers."""
