"""What several sections ask of AWS, and what follows from it: a file for each noun. Nothing here is judged."""
