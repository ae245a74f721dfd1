"""COLLADA (.dae), read by our own walk of its XML."""
