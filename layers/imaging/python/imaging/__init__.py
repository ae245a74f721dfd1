"""One untrusted 3D file in; facts and pictures out, from a child process that is thrown away.

Import `imaging.sandbox` from the worker. Everything else is for the child, which alone loads
numpy, Embree, Pillow and the decoders.
"""
