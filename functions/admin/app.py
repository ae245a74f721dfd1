"""/api/admin."""

from admin.campaigns import campaigns, emails
from admin.categories import categories
from admin.numbers import numbers
from admin.review import review
from admin.storefront import storefront
from admin.testimonials import testimonials
from admin.tutorials import tutorials
from admin.users import users
from nexus.web.app import api, lambda_handler

app = api(
    review, users, numbers, categories, testimonials, tutorials, storefront, campaigns, emails
)
handler = lambda_handler(app)
