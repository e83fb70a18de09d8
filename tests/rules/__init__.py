"""What is allowed, and in which words the rest is refused."""
