"""Draw the diagrams of what is made; `make diagrams` runs it."""
