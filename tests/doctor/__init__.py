"""The doctor, folder by folder as the package is, on endpoints that an embedded AWS runs."""
