"""A scene to a studio picture: Embree finds what is seen, numpy shades it."""
