"""What a user types, and what comes back: the whole program on an embedded AWS."""
