"""Tests of what takes over a live endpoint."""
