"""What several sections ask of AWS, and what follows from it, by kinds of resources. Nothing here is judged."""
