"""/api/webhooks: what other services tell us, signed by them."""

from nexus.web.app import api, lambda_handler
from webhooks.stripe import stripe

app = api(stripe)
handler = lambda_handler(app)
