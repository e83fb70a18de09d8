"""The documentation's site, as a reader sees it."""
