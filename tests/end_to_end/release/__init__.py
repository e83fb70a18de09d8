"""Destroys under real Terraform, whatever the endpoint's network interfaces do."""
