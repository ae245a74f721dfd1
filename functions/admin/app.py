"""/api/admin."""

from admin.numbers import numbers
from admin.review import review
from nexus.web.app import api, lambda_handler

app = api(review, numbers)
handler = lambda_handler(app)
