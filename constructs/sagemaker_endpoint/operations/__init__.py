"""What keeps it observable: logs and the runbook."""
