"""What is served and how: models, variants and the endpoint configuration."""
