"""How much of anything a file may ask for, checked before it is allocated."""

TRIANGLES = 2_000_000  # drawn, every instance counted
READ_TRIANGLES = 8_000_000  # every instance counted, thinned out to what is drawn
VERTICES = 6_000_000
READ_VERTICES = 12_000_000
NODES = 100_000
PLACED = 50_000  # of DAE, USD and 3MF, where each costs more
ELEMENTS = 500_000  # of an XML document that is read as a whole
DEPTH = 256
JSON_BYTES = 64 * 1024 * 1024
FILE_BYTES = 2 * 1024 * 1024 * 1024
BUFFER_BYTES = 512 * 1024 * 1024  # of one file, decompressed
MATERIALS = 10_000
IMAGES = 500
IMAGE_PIXELS = 68_000_000  # of one image: a little over 8192 x 8192
ALL_PIXELS = 400_000_000  # of all images of a file
KEPT_PIXELS = 24_000_000  # that stay in memory after scaling down
TEXTURE_SIDE = 2048  # what a picture of 1024 can show
MORPHED_VALUES = 100_000_000
ZIP_ENTRIES = 2_000
ZIP_BYTES = 1024 * 1024 * 1024
ZIP_RATIO = 200  # of one entry of more than ZIP_RATIO_FROM bytes
ZIP_RATIO_FROM = 8 * 1024 * 1024
EXTENT = 1e9  # metres, or whatever the file counts in
