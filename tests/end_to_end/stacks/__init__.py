"""Apps that the tests synthesize, each as a user would write it; what is known at run time comes from inputs.json."""
