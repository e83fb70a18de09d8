"""What stops the page from being written."""


class CoverageError(Exception):
    """AWS, the provider or the library has something that has no place on the page."""
