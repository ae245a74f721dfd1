"""Wavefront OBJ: lines of text, with materials in files beside it."""
