"""USD and USDZ: decoded by tinyusdz, then composed and read by our own walk of what it tells."""
