"""/api/admin."""

from admin.numbers import numbers
from admin.review import review
from admin.users import users
from nexus.web.app import api, lambda_handler

app = api(review, users, numbers)
handler = lambda_handler(app)
