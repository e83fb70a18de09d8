"""What is released: built, looked at, installed as a user does, and listed with all that it brings."""
