"""What comes in from outside: requests, texts, cursors, files; and what the template promises."""

from tests.mutants.mutant import FUNCTIONS, IMAGING, NEXUS, Mutant

WEB = f"{NEXUS}/web"
TESTS = f"{FUNCTIONS}/web"
KEYS = f"{TESTS}/test_idempotency.py"
PAGING = f"{TESTS}/test_paging.py"
PROBLEMS = f"{TESTS}/test_problems.py"
TUTORIALS = "tests/nexus/tutorials/test_rendering.py"
SANDBOX = "tests/imaging/test_sandbox.py"
HOSTILE = "tests/imaging/test_hostile.py::test_a_hostile_file_is_refused_with_a_reason"
TEMPLATE = "template.yaml"
STORES = "tests/infrastructure/test_stores.py"

MUTANTS = (
    # Requests
    Mutant(f"{WEB}/app.py", "elif _body_bytes(scope) > self.most_body_bytes:", "elif False:",
           f"{PROBLEMS}::test_413_begins_where_it_says"),
    Mutant(f"{WEB}/app.py", 'b"x-content-type-options": b"nosniff",', "",
           f"{PROBLEMS}::test_every_answer_carries_the_headers_of_the_house"),
    Mutant(f"{WEB}/app.py", 'b"cache-control": b"no-store",', "",
           f"{PROBLEMS}::test_what_is_private_is_stored_nowhere"),
    Mutant(f"{WEB}/problems.py", "msg=_plain(each)",
           'msg=f"{each[\'msg\']} {each[\'input\']}"',
           f"{PROBLEMS}::test_422_says_where_and_not_what"),
    Mutant(f"{NEXUS}/schema.py", 'extra="forbid"', 'extra="ignore"',
           "tests/contract/test_fields.py::"
           "test_what_a_schema_does_not_name_is_refused_by_its_name"),
    Mutant(f"{NEXUS}/schema.py", '{"Cc", "Cs", "Zl", "Zp"}', "set()",
           f"{FUNCTIONS}/accounts/test_registration.py::test_a_full_name_is_one_line"),
    # Idempotency
    Mutant(f"{WEB}/idempotency.py", "if item.fingerprint not in fingerprints:", "if False:",
           f"{KEYS}::test_a_key_is_for_one_content"),
    Mutant(f"{NEXUS}/table/idempotency.py", ".is_in(*fingerprints)", " == fingerprints[0]",
           f"{KEYS}::test_a_key_outlives_the_signing_key"),
    Mutant(f"{WEB}/idempotency.py", "if not self.keeps_answer:", "if False:",
           f"{KEYS}::test_answers_with_tokens_are_not_kept"),
    Mutant(f"{WEB}/idempotency.py", "claim_request(user_id,", "claim_request(NO_ONE,",
           f"{KEYS}::test_users_do_not_share_keys"),
    Mutant(f"{WEB}/idempotency.py", "    if idempotency_key is not None:\n", "    if True:\n",
           f"{FUNCTIONS}/admin/test_money.py::test_a_double_click_refunds_once"),
    Mutant(f"{WEB}/idempotency.py", "user.id, at, idempotency_key, keep=False)",
           "user.id, at, idempotency_key)",
           f"{KEYS}::test_a_repeated_promise_of_an_upload_is_signed_anew"),
    Mutant(f"{WEB}/idempotency.py", "{request.method} {request.scope['path']}", "",
           f"{KEYS}::test_routes_do_not_share_keys"),
    Mutant(f"{WEB}/idempotency.py", "if not ours and keep:", "if False:",
           f"{KEYS}::test_a_crash_leaves_a_lease_that_ends"),
    Mutant(f"{WEB}/idempotency.py", "hmac.new(key.encode(), PURPOSE + content, hashlib.sha256)",
           "hashlib.sha256(content)",
           f"{KEYS}::test_a_stolen_table_does_not_help_to_guess_passwords"),
    Mutant(f"{NEXUS}/table/idempotency.py",
           "        & (IdempotencyItem.leased_until < now)\n", "",
           f"{KEYS}::test_a_crash_leaves_a_lease_that_ends"),
    # Pages
    Mutant(f"{WEB}/paging.py", "if hmac.compare_digest(signature, self._signature(text, key)):",
           "if True:", f"{PAGING}::test_mutated_cursors_open_nothing"),
    Mutant(f"{WEB}/paging.py", "PURPOSE + self._list.encode() + ", "PURPOSE + ",
           f"{PAGING}::test_a_cursor_is_good_for_its_list_only"),
    Mutant(f"{WEB}/paging.py", "{self.request.scope.get('user_id')}", "",
           f"{PAGING}::test_a_cursor_is_good_for_its_list_only"),
    Mutant(f"{WEB}/paging.py", "Query(ge=1, le=100)", "Query(ge=1)",
           "tests/contract/test_bad_input.py::test_pages_that_are_none[limit=100000]"),
    Mutant(f"{NEXUS}/search/schemas.py", "Field(max_length=LONGEST_SEARCH)", "Field()",
           f"{FUNCTIONS}/models/test_search.py::test_what_makes_no_sense_is_refused"),
    # Versions
    Mutant(f"{WEB}/preconditions.py", "    if if_match is None:\n", "    if False:\n",
           f"{FUNCTIONS}/admin/test_categories.py::"
           "test_an_edit_needs_the_version_it_is_made_on"),
    Mutant(f"{NEXUS}/categories/service.py", "check_version(version, category.version)", "pass",
           f"{FUNCTIONS}/admin/test_categories.py::"
           "test_an_edit_needs_the_version_it_is_made_on"),
    Mutant(f"{NEXUS}/table/profiles.py", "UserItem.version == user.version", "UserItem.pk.exists()",
           f"{FUNCTIONS}/webhooks/test_unsubscribing.py::"
           "test_leaving_and_editing_at_once_both_count"),
    # The storefront
    Mutant(f"{NEXUS}/storefront/service.py", "if len(content) > MOST_BYTES:", "if False:",
           f"{FUNCTIONS}/admin/test_storefront.py::test_a_homepage_has_its_limits"),
    Mutant(f"{NEXUS}/storefront/service.py",
           "if missing := set(model_ids) - {model.id for model in models}:",
           "if missing := set[int]():",
           f"{FUNCTIONS}/admin/test_storefront.py::"
           "test_only_what_is_on_sale_gets_into_the_slider"),
    # HTML
    Mutant(f"{NEXUS}/tutorials/rendering.py", '{"html": False}', '{"html": True}',
           f"{TUTORIALS}::test_what_looks_like_html_is_text"),
    Mutant(f"{NEXUS}/tutorials/rendering.py", "attribute_filter=_only_safe_addresses,", "",
           f"{TUTORIALS}::test_nothing_runs_at_the_readers"),
    Mutant(f"{NEXUS}/mail/news.py", "attribute_filter=_only_safe_addresses,", "",
           f"{FUNCTIONS}/campaigns/test_sending.py::"
           "test_the_mail_is_safe_framed_and_can_be_left"),
    Mutant(f"{NEXUS}/mail/news.py", "safe = sanitised(content)", "safe = content",
           f"{FUNCTIONS}/campaigns/test_sending.py::"
           "test_the_mail_is_safe_framed_and_can_be_left"),
    # Untrusted files
    Mutant(f"{IMAGING}/child.py", "    limit(job[\"limits\"])\n", "",
           f"{SANDBOX}::test_each_limit_ends_in_a_refusal"),
    Mutant(f"{IMAGING}/child.py", "    die_with(job[\"parent\"])\n", "",
           f"{SANDBOX}::test_the_child_dies_with_its_worker"),
    Mutant(f"{IMAGING}/sandbox.py", "env=_environment(),", "env=dict(os.environ),",
           f"{SANDBOX}::test_secrets_of_the_worker_do_not_reach_the_child"),
    Mutant(f"{IMAGING}/sandbox.py", "path.is_file() and not path.is_symlink()", "path.is_file()",
           f"{SANDBOX}::test_however_the_child_ends_there_is_a_report"),
    Mutant(f"{IMAGING}/guard.py", '    "socket.", ', "    ",
           f"{SANDBOX}::test_behind_the_door_nothing_outside_can_be_reached"),
    Mutant(f"{IMAGING}/guard.py",
           "if writing or not (real in sources or real.startswith(reads)):", "if writing:",
           f"{SANDBOX}::test_behind_the_door_nothing_outside_can_be_reached"),
    Mutant(f"{IMAGING}/files.py",
           "if large and info.file_size > caps.ZIP_RATIO * max(info.compress_size, 1):",
           "if False:", HOSTILE),
    Mutant(f"{IMAGING}/files.py",
           'if name.startswith("/") or ".." in parts or re.match(r"^[A-Za-z]:", name) '
           'or "\\0" in name:',
           "if False:", HOSTILE),
    Mutant(f"{IMAGING}/images.py",
           "if pixels > caps.IMAGE_PIXELS or self._seen > caps.ALL_PIXELS:", "if False:", HOSTILE),
    Mutant(f"{IMAGING}/stl.py", "if count > caps.READ_TRIANGLES:", "if False:",
           "tests/imaging/test_large.py::test_what_is_far_beyond_is_refused_before_it_is_read"),
    Mutant(f"{IMAGING}/thinning.py", "cells << _KIND_BITS | _kinds(part)", "cells",
           "tests/imaging/test_large.py"
           "::test_fewer_triangles_have_the_same_shape_and_keep_to_their_side_of_a_seam"),
    Mutant(f"{IMAGING}/facts.py", "images[:_TEXTURES]", "images",
           "tests/imaging/test_facts.py"
           "::test_of_many_textures_a_hundred_are_told_and_all_counted"),
    Mutant(f"{IMAGING}/placing.py", " & (np.abs(middle) < caps.EXTENT)", "",
           "tests/imaging/test_far_away.py"
           "::test_what_lies_nowhere_is_refused_even_where_all_of_it_does"),
    # The template
    Mutant(TEMPLATE, "PointInTimeRecoveryEnabled: true", "PointInTimeRecoveryEnabled: false",
           f"{STORES}::test_the_table_can_be_restored_and_not_be_dropped"),
    Mutant(TEMPLATE, "maxReceiveCount: 5", "maxReceiveCount: 2",
           "tests/infrastructure/test_queues.py::test_a_message_is_tried_at_least_five_times"),
)  # fmt: skip
