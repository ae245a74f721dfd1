"""/api/bounties."""

from bounties.applications import applications
from bounties.bounties import bounties
from nexus.web.app import api, lambda_handler

app = api(bounties, applications)
handler = lambda_handler(app)
