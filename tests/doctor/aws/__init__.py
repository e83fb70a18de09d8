"""What may be asked of AWS."""
