"""How Terraform is written through CDKTF or cdktn; knows no SageMaker."""
