"""Where the names come from."""
