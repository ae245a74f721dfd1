"""A small GLB that shows a model in a viewer and is no substitute for the product.

It has no skeleton, no animations, no names, at most some ten thousand triangles on a coarse grid,
and textures of at most 512 pixels.
"""
