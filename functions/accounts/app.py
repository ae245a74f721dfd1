"""/api/auth and /api/users."""

from accounts.auth import auth
from accounts.notifications import notifications
from accounts.users import users
from nexus.web.app import api, lambda_handler

app = api(auth, notifications, users)
handler = lambda_handler(app)
