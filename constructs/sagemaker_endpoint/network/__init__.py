"""Where the endpoint stands: subnets, security group and network interfaces."""
