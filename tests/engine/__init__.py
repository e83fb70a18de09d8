"""How Terraform is written through CDKTF."""
