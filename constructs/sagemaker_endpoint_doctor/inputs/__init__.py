"""Where an examination takes its names from: the options, Terraform's outputs, the caller's own settings."""
