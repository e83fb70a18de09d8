"""The commands of the runbook, which the library prints as an output and the doctor prints beside what it finds."""
