"""Who may do what, and with which key: the execution role, the policy to invoke, the KMS key."""
