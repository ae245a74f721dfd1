"""/api/models and /api/uploads. Searching comes first: /api/models/facets is no model's id."""

from models.catalogue import models
from models.opinions import opinions
from models.purchases import purchases
from models.search import search
from models.uploads import inspection, uploads
from nexus.web.app import api, lambda_handler

app = api(search, models, opinions, purchases, uploads, inspection)
handler = lambda_handler(app)
