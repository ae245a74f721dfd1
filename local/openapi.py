"""Write the API's OpenAPI document: `python -m local.openapi`, which is `make openapi`."""

import json
import os
from pathlib import Path
from typing import Any

DOCUMENT = Path(__file__).parent.parent / "functions" / "content" / "openapi.json"


def document() -> dict[str, Any]:
    """The document of all HTTP groups as one, in the order in which a reader meets them."""
    os.environ.setdefault("STAGE", "local")
    from fastapi.openapi.utils import get_openapi

    from accounts.app import app as accounts
    from admin.app import app as admin
    from bounties.app import app as bounties
    from content.app import app as content
    from models.app import app as models
    from nexus.web.app import VERSION
    from webhooks.app import app as webhooks

    groups = (content, accounts, models, bounties, admin, webhooks)
    return get_openapi(
        title="Nexus Models API",
        version=VERSION,
        description="A marketplace for 3D models. Errors are problem documents (RFC 9457).",
        routes=[route for group in groups for route in group.routes],
    )


def text() -> str:
    return json.dumps(document(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    DOCUMENT.write_text(text(), encoding="utf-8")
