"""Testimonials, as everyone sees them."""

from fastapi import Depends

from nexus.testimonials import service
from nexus.testimonials.schemas import Testimonial
from nexus.web.app import router
from nexus.web.identity import Anyone
from nexus.web.paging import CurrentPage
from nexus.web.routes import public

testimonials = router("/api/testimonials", "content")


@testimonials.get("", response_model=list[Testimonial], dependencies=[Anyone, Depends(public)])
async def list_testimonials(page: CurrentPage, featured: bool | None = None) -> list[Testimonial]:  # noqa: FBT001
    """The featured ones first, then the newest; or only those that are featured, or are not."""
    return page.read(lambda start, limit: service.shown(start, limit, featured))
