"""The program that takes over a live endpoint: what is read, what is stated, what is written."""
