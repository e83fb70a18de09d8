"""How checks are run."""
