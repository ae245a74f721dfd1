"""What others tell us, without signing in: webhooks, and links of our mails."""

from nexus.web.app import api, lambda_handler
from webhooks.sendgrid import sendgrid
from webhooks.stripe import stripe
from webhooks.unsubscribe import unsubscribe

MOST_BODY_BYTES = 1024 * 1024
"""SendGrid collects events until they are 768 KB."""

app = api(sendgrid, stripe, unsubscribe, most_body_bytes=MOST_BODY_BYTES)
handler = lambda_handler(app)
