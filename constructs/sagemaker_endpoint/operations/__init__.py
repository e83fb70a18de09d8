"""What keeps it observable: logs, metrics, alarms, the dashboard and the runbook."""
