"""What an examination comes to, for people, for machines, and as an exit code."""
