"""How Terraform is written through CDKTF; knows no SageMaker."""
