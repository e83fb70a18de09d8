"""What an examination is made of: the endpoint, the checks, their findings, and what runs them."""
