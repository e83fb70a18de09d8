"""What is allowed, by AWS's rules; knows no Terraform."""
