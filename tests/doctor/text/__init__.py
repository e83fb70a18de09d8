"""How text is written."""
