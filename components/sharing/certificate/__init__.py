"""The certificate that encrypts guests' connections, and the authority that signs it."""
