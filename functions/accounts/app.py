"""/api/auth and /api/users."""

from accounts.auth import auth
from accounts.discounts import discounts
from accounts.money import money
from accounts.notifications import notifications
from accounts.payouts import payouts
from accounts.users import users
from nexus.web.app import api, lambda_handler

app = api(auth, notifications, money, discounts, payouts, users)
handler = lambda_handler(app)
