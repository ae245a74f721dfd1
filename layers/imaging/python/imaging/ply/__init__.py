"""PLY: ASCII and both byte orders, faces or triangle strips, vertex colors."""
