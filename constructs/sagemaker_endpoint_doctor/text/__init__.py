"""How words, times and lengths of time are written, and how whatever is printed is made harmless."""
