"""The local cloud: everything template.yaml declares, running on this machine. Never deployed."""
