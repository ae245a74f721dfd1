"""/api/models and /api/uploads."""

from models.catalogue import models
from models.opinions import opinions
from models.purchases import purchases
from models.uploads import inspection, uploads
from nexus.web.app import api, lambda_handler

app = api(models, opinions, purchases, uploads, inspection)
handler = lambda_handler(app)
