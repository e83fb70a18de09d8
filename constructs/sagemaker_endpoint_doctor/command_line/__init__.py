"""The commands ``doctor`` and ``runbook``: their options, how they run, and what is shown meanwhile."""
