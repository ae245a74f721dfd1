"""Testimonials, as the admins keep them."""

from fastapi import Response

from nexus.schema import Id
from nexus.testimonials import service
from nexus.testimonials.schemas import NewTestimonial, Testimonial, TestimonialChanges
from nexus.web.app import answers, router
from nexus.web.idempotency import NewId
from nexus.web.identity import CurrentAdmin, Now
from nexus.web.paging import CurrentPage
from nexus.web.preconditions import RequiredVersion, tag

testimonials = router("/api/admin/testimonials", "admin")


@testimonials.get("", response_model=list[Testimonial])
async def list_testimonials(_: CurrentAdmin, page: CurrentPage) -> list[Testimonial]:
    return page.read(service.newest)


@testimonials.post("", status_code=201, response_model=Testimonial, responses=answers(etag=True))
async def add_testimonial(
    wanted: NewTestimonial, admin: CurrentAdmin, testimonial_id: NewId, response: Response, now: Now
) -> Testimonial:
    testimonial, version = service.add(wanted, testimonial_id=testimonial_id, admin=admin, now=now)
    tag(response, version)
    return testimonial


@testimonials.get(
    "/{testimonial_id}", response_model=Testimonial, responses=answers(404, etag=True)
)
async def read_testimonial(testimonial_id: Id, _: CurrentAdmin, response: Response) -> Testimonial:
    testimonial, version = service.show(testimonial_id)
    tag(response, version)
    return testimonial


@testimonials.patch(
    "/{testimonial_id}", response_model=Testimonial, responses=answers(404, etag=True)
)
async def edit_testimonial(
    testimonial_id: Id,
    changes: TestimonialChanges,
    admin: CurrentAdmin,
    version: RequiredVersion,
    response: Response,
    now: Now,
) -> Testimonial:
    testimonial, saved = service.edit(
        testimonial_id, changes, version=version, admin=admin, now=now
    )
    tag(response, saved)
    return testimonial


@testimonials.delete("/{testimonial_id}", status_code=204, responses=answers(404))
async def delete_testimonial(testimonial_id: Id, admin: CurrentAdmin, now: Now) -> Response:
    service.delete(testimonial_id, admin=admin, now=now)
    return Response(status_code=204)
