"""What keeps it running and observable: scaling, logs, metrics, alarms, the dashboard and the runbook."""
