"""The way to AWS: clients that only read, and what its errors mean."""
