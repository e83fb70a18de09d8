"""Subnets, security group and network interfaces."""
