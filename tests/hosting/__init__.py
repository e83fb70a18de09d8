"""Models, variants and the endpoint configuration, by the synthesized JSON."""
