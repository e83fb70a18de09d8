"""What follows from what AWS says."""
