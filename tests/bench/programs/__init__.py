"""The programs that are measured, each run in an interpreter of its own."""
