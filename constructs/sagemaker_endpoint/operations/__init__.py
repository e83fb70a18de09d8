"""What keeps it running and observable: scaling, logs and the runbook."""
