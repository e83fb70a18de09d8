"""Logs and the runbook."""
