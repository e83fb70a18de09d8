"""Clients of AWS's services that only read, and what AWS's errors mean."""
