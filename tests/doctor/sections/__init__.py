"""The doctor, section by section: an endpoint that is well, and one broken in each way that it should see."""
