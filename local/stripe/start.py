"""Starts localstripe, in its own environment, on a port of this machine only.

By itself it listens to the whole network, and keeps its state in a file that all its runs share.
"""

import sys

from aiohttp import web
from localstripe import resources, server

resources.Store.dump_to_disk = lambda _store: None
web.run_app(server.app, host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)
