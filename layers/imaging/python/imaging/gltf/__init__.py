"""glTF 2.0, read by our own walk of its JSON and buffers."""
