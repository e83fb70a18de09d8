"""The role, the key and the policy to invoke."""
