"""Models, files, bounties, mails: whose they are, and the states they go through."""

from tests.mutants.mutant import FUNCTIONS, NEXUS, Mutant

UPLOADS = f"{NEXUS}/uploads"
BOUNTIES = f"{NEXUS}/bounties"
SENDING = f"{NEXUS}/campaigns/sending.py"
SUBMISSION = f"{NEXUS}/catalogue/submission.py"

WORKER = f"{FUNCTIONS}/thumbnails/test_worker.py"
PROMISES = f"{FUNCTIONS}/uploads/test_promises.py"
SUBMITTING = f"{FUNCTIONS}/models/test_submitting.py"
LARGE = f"{FUNCTIONS}/models/test_large_lists.py"
EDITING = f"{FUNCTIONS}/models/test_editing.py"
PRICES = f"{FUNCTIONS}/models/test_prices.py"
NEW_FILES = f"{FUNCTIONS}/models/test_new_files.py"
REVIEW = f"{FUNCTIONS}/admin/test_review.py"
OUTCOME = f"{FUNCTIONS}/bounties/test_outcome.py"
STATES = f"{FUNCTIONS}/bounties/test_states.py::test_each_state_answers_each_actor_as_agreed"
CAMPAIGNS = f"{FUNCTIONS}/campaigns"
MAILS = f"{FUNCTIONS}/mailer/test_mails.py"
UNSUBSCRIBING = f"{FUNCTIONS}/webhooks/test_unsubscribing.py"
SENDGRID = f"{FUNCTIONS}/webhooks/test_sendgrid.py"
SIGNED = f"{SENDGRID}::test_only_what_sendgrid_has_signed_just_now_is_believed"

MUTANTS = (
    # What is decided on is what was looked at
    Mutant(f"{NEXUS}/catalogue/review.py",
           "    check_version(version, model.version)\n    model_id", "    model_id",
           f"{REVIEW}::test_only_what_was_looked_at_is_decided"),
    # Files on their way in
    Mutant(f"{UPLOADS}/service.py", "upload is None or upload.owner_id != owner_id",
           "upload is None", f"{PROMISES}::test_uploads_of_others_are_not_to_be_found"),
    Mutant(f"{UPLOADS}/sending.py", ">= UPLOADS_A_DAY:", ">= 10**9:",
           f"{PROMISES}::test_two_hundred_files_a_day"),
    Mutant(f"{UPLOADS}/schemas.py", "strict=True, ge=1, le=LARGEST_UPLOAD_BYTES",
           "strict=True, ge=1", f"{PROMISES}::test_sizes_that_are_none"),
    Mutant(f"{UPLOADS}/schemas.py", "ending not in ENDINGS or ", "",
           f"{PROMISES}::test_names_that_are_no_model_files"),
    Mutant(f"{UPLOADS}/schemas.py", """ or "/" in filename or "\\\\" in filename""", "",
           f"{PROMISES}::test_names_that_are_no_model_files"),
    Mutant(f"{NEXUS}/outside/files.py",
           'conditions.append(["content-length-range", size, size])', "",
           f"{PROMISES}::test_a_form_takes_exactly_what_was_announced"),
    Mutant(f"{UPLOADS}/service.py", "upload and upload.incoming_key == key", "upload",
           f"{WORKER}::test_files_that_nobody_announced_are_thrown_away"),
    Mutant(f"{UPLOADS}/service.py", "if fetched.size != upload.size:", "if False:",
           f"{WORKER}::test_a_file_of_another_size_is_rejected"),
    Mutant(f"{UPLOADS}/service.py",
           "if upload.claimed_sha256 and fetched.sha256 != upload.claimed_sha256:", "if False:",
           f"{WORKER}::test_a_file_with_another_checksum_is_rejected"),
    Mutant(f"{UPLOADS}/service.py", "if upload.attempts > MOST_ATTEMPTS:", "if False:",
           f"{WORKER}::test_a_file_that_breaks_its_worker_again_and_again_is_given_up"),
    Mutant(f"{NEXUS}/table/uploads.py", "unfinished & free", "unfinished",
           f"{WORKER}::test_while_one_worker_has_a_file_the_other_comes_back_later"),
    Mutant(f"{NEXUS}/table/uploads.py",
           '(UploadItem.lease == lease) & (UploadItem.status == "processing")',
           "Item.pk.exists()",
           f"{WORKER}::test_a_worker_that_lost_its_lease_neither_judges_nor_cleans_up"),
    Mutant(f"{UPLOADS}/sending.py", "if lacking := _lacking(upload, come):",
           "if lacking := list[int]():",
           f"{FUNCTIONS}/uploads/test_parts.py::test_what_is_not_whole_is_not_joined"),
    Mutant(f"{NEXUS}/outside/parts.py", '"InvalidPart": PartsChanged,', "",
           f"{FUNCTIONS}/uploads/test_parts.py::"
           "test_a_part_that_comes_again_while_all_are_joined_is_waited_for"),
    Mutant(f"{UPLOADS}/schemas.py", 'if "\\ufffe" in filename or "\\uffff" in filename:',
           "if False:", f"{PROMISES}::test_names_that_are_no_model_files"),
    Mutant(f"{NEXUS}/schema.py", "AfterValidator(_one_line), _still(120)]",
           "AfterValidator(_one_line)]", f"{PROMISES}::test_names_that_are_no_model_files"),
    Mutant(f"{NEXUS}/search/suggestions.py", ", filter_query=every", "",
           "tests/nexus/search/test_finding.py::test_what_is_gone_is_suggested_no_longer"),
    Mutant(f"{NEXUS}/search/building.py", " if entry.card[\"id\"] not in index", "",
           "tests/functions/models/test_own_copy.py::"
           "test_a_model_that_changes_while_the_table_is_read_is_listed_once"),
    Mutant(f"{NEXUS}/search/snapshots.py", "_sweep(snapshot.key, kept=0)", "pass",
           "tests/functions/jobs/test_snapshots.py::"
           "test_an_erased_name_is_in_no_snapshot_and_no_log"),
    Mutant(f"{NEXUS}/search/service.py", "_told(find(CountersItem, after.key) or after)", "told",
           "tests/functions/projector/test_again.py::test_the_lists_show_the_sums_of_now"),
    Mutant(f"{NEXUS}/subscriptions/service.py", " and campaign_id != NO_CAMPAIGN", "",
           f"{FUNCTIONS}/campaigns/test_drafts.py::"
           "test_an_admin_tries_a_campaign_on_themselves"),
    # Models
    Mutant(f"{NEXUS}/catalogue/service.py", "hidden=creator.is_banned", "hidden=after.is_banned",
           "tests/functions/projector/test_again.py::test_a_ban_that_was_lifted_hides_nothing"),
    Mutant(f"{NEXUS}/catalogue/service.py", "and not _shown([model], {}):",
           "and not is_on_sale(model):",
           "tests/functions/admin/test_moderation.py::test_a_ban_takes_effect_on_the_next_"
           "request_and_on_all_that_the_user_offers"),
    Mutant(f"{NEXUS}/purchases/service.py", "        catalogue.require_visible(model, user)\n", "",
           "tests/functions/admin/test_moderation.py::test_a_ban_takes_effect_on_the_next_"
           "request_and_on_all_that_the_user_offers"),
    Mutant(f"{NEXUS}/catalogue/findings.py", "key=lambda each: each.rank)[:MOST]",
           "key=lambda each: each.rank)",
           f"{LARGE}::test_a_model_is_told_so_much_of_its_files_and_no_more"),
    Mutant(f"{UPLOADS}/findings.py", "if len(text) <= LONGEST else", "if True else",
           f"{LARGE}::test_a_model_is_told_so_much_of_its_files_and_no_more"),
    Mutant(f"{NEXUS}/table/pages.py", "if size > MOST_BYTES:", "if False:",
           f"{LARGE}::test_pages_of_the_largest_models_end_before_an_answer_is_full"),
    Mutant(SUBMISSION, "if each.owner_id == owner_id]", "]",
           f"{SUBMITTING}::test_uploads_must_be_ones_own"),
    Mutant(SUBMISSION,
           'if upload.purpose == "inspect":\n            raise Conflict(f"Upload {upload.id} was',
           'if False:\n            raise Conflict(f"Upload {upload.id} was',
           f"{FUNCTIONS}/uploads/test_inspection.py::test_no_model_can_be_made_of_a_dry_run"),
    Mutant(f"{NEXUS}/table/uploads.py", "ready & unused", "ready",
           f"{SUBMITTING}::test_of_two_models_at_once_one_gets_the_upload"),
    Mutant(SUBMISSION,
           "or not concerns(model, user):", "and False:",
           f"{EDITING}::test_nobody_edits_or_withdraws_what_is_not_theirs"),
    Mutant(SUBMISSION, "check_version(version, model.version)", "pass",
           f"{EDITING}::test_of_two_editors_who_saw_the_same_version_one_has_to_look_again"),
    Mutant(SUBMISSION, 'if changes.upload_ids is not None or model.status == "rejected":',
           "if False:", f"{EDITING}::test_new_files_send_an_approved_model_back_to_review"),
    Mutant(SUBMISSION, "if user.id == model.creator_id:\n        return []",
           "if True:\n        return []",
           f"{EDITING}::test_what_an_admin_does_to_the_model_of_someone_else_is_audited"),
    Mutant(SUBMISSION, '"approved": model.of_files(newest=False),', "",
           f"{NEW_FILES}::test_rejected_files_never_reach_a_buyer"),
    Mutant(SUBMISSION, 'elif model.status == "approved" and changes.price', "elif changes.price",
           f"{PRICES}::test_only_prices_at_which_a_model_was_on_sale_count"),
    Mutant(f"{NEXUS}/discounts/service.py",
           "if (each.offered_until or each.changed_at) >= since", "",
           f"{PRICES}::test_a_price_of_before_a_long_review_does_not_count"),
    Mutant(f"{NEXUS}/purchases/service.py", "newest=catalogue.concerns(model, user)",
           "newest=True", f"{NEW_FILES}::test_buyers_get_new_files_once_they_are_approved"),
    Mutant(f"{NEXUS}/catalogue/review.py", 'verdict |= {"approved": None, ', "verdict |= {",
           f"{NEW_FILES}::test_buyers_get_new_files_once_they_are_approved"),
    Mutant(f"{NEXUS}/catalogue/schemas.py", "newest=inside", "newest=True",
           f"{NEW_FILES}::test_buyers_see_nothing_of_files_that_wait"),
    Mutant(f"{NEXUS}/catalogue/service.py",
           "viewer is not None and (viewer.is_admin or viewer.id == model.creator_id)",
           "viewer is not None",
           f"{FUNCTIONS}/models/test_visibility.py::"
           "test_a_pending_model_is_its_creators_and_the_admins"),
    Mutant(f"{NEXUS}/catalogue/service.py",
           " and not creators[model.creator_id].is_banned", "",
           f"{FUNCTIONS}/admin/test_moderation.py::"
           "test_a_ban_takes_effect_on_the_next_request_and_on_all_that_the_user_offers"),
    Mutant(f"{NEXUS}/catalogue/review.py",
           'if status == "approved" and model.creator_id == admin.id:', "if False:",
           f"{REVIEW}::test_nobody_approves_their_own"),
    Mutant(f"{NEXUS}/catalogue/review.py", '(ModelItem.status == "pending") & ', "",
           f"{REVIEW}::test_the_first_decision_stands"),
    # Bounties
    Mutant(f"{BOUNTIES}/service.py", "if creator.id != user.id:\n        raise Forbidden",
           "if False:\n        raise Forbidden", f"{STATES}[Open edit]"),
    Mutant(f"{BOUNTIES}/service.py", 'if bounty.status != "Open":', "if False:",
           f"{STATES}[Closed edit]"),
    Mutant(f"{BOUNTIES}/service.py", "if bounty.due and bounty.due <= now:", "if False:",
           f"{STATES}[Overdue edit]"),
    Mutant(f"{BOUNTIES}/service.py", ">= BOUNTIES_A_DAY:", ">= 10**9:",
           f"{FUNCTIONS}/bounties/test_posting.py::test_nobody_floods_the_board"),
    Mutant(f"{BOUNTIES}/applications.py", ">= APPLICATIONS_A_DAY:", ">= 10**9:",
           f"{FUNCTIONS}/bounties/test_applying.py::"
           "test_nobody_floods_creators_with_applications"),
    Mutant(f"{BOUNTIES}/applications.py", "if creator.id == user.id:", "if False:",
           f"{FUNCTIONS}/bounties/test_applying.py::test_nobody_applies_for_their_own_bounty"),
    Mutant(f"{BOUNTIES}/applications.py",
           "if not user.is_admin and user.id != bounty.creator_id:", "if False:",
           f"{FUNCTIONS}/bounties/test_applying.py::"
           "test_the_creator_pages_through_all_and_applicants_see_their_own"),
    Mutant(f"{BOUNTIES}/outcome.py", "now, applied, stands, mail)", "now, stands, mail)",
           f"{OUTCOME}::test_nobody_wins_who_did_not_apply"),
    Mutant(f"{BOUNTIES}/outcome.py", "now, applied, stands, mail)", "now, applied, mail)",
           f"{OUTCOME}::test_the_banned_cannot_be_chosen"),
    Mutant(f"{BOUNTIES}/service.py", '{"status": "Closed", **WORDLESS}', '{"status": "Closed"}',
           f"{FUNCTIONS}/bounties/test_leaving.py::"
           "test_the_words_of_a_bounty_that_nobody_won_go"),
    # Mails
    Mutant(f"{NEXUS}/table/users.py", "self.wants_news and not (", "not (",
           f"{UNSUBSCRIBING}::test_whoever_left_gets_no_campaign_and_is_counted"),
    Mutant(f"{NEXUS}/table/catalogue.py", "find_model(model.id) or current", "current",
           f"{FUNCTIONS}/admin/test_moderation.py::"
           "test_a_ban_that_meets_an_edit_hides_the_model_all_the_same"),
    Mutant(f"{NEXUS}/table/catalogue.py", "as_seen & step.condition", "step.condition",
           f"{FUNCTIONS}/admin/test_moderation.py::"
           "test_a_model_approved_while_a_ban_ends_is_on_sale"),
    Mutant(f"{NEXUS}/statistics/reconciliation.py", " or is_misplaced(model)", "",
           f"{FUNCTIONS}/projector/test_drift.py::"
           "test_a_model_is_brought_where_it_belongs_in_the_index_by_a_recount"),
    Mutant(f"{NEXUS}/opinions/service.py",
           "        catalogue.get_visible(model_id, user)\n        raise", "        raise",
           f"{FUNCTIONS}/models/test_opinions.py::test_a_review_does_not_tell_that_a_model_waits"),
    Mutant(f"{NEXUS}/table/users.py", "self.is_banned or self.is_erased", "self.is_erased",
           f"{CAMPAIGNS}/test_sending.py::test_who_may_not_be_mailed_gets_nothing"),
    Mutant(f"{NEXUS}/table/users.py", " or self.unreachable)", ")",
           f"{CAMPAIGNS}/test_sending.py::test_who_may_not_be_mailed_gets_nothing"),
    Mutant(SENDING, 'campaign is None or campaign.status == "cancelled"', "campaign is None",
           f"{CAMPAIGNS}/test_sending.py::test_a_cancelled_campaign_sends_no_more"),
    Mutant(SENDING, 'batch.state in {"sent", "unknown", "cancelled"}', "False",
           f"{CAMPAIGNS}/test_trouble.py::test_each_message_may_come_twice"),
    Mutant(SENDING, "if not begin_call(batch, claim, skipped):",
           "if not begin_call(batch, batch.claim, skipped) and False:",
           f"{CAMPAIGNS}/test_trouble.py::test_a_worker_that_was_replaced_does_not_call"),
    Mutant(SENDING, '(campaign.status, campaign.scheduled_at) != ("scheduled", at)', "False",
           f"{CAMPAIGNS}/test_schedules.py::test_only_the_last_time_that_was_given_counts"),
    Mutant(f"{NEXUS}/mail/service.py", "if not claim_mail(item, uuid.uuid4().hex):",
           "if not claim_mail(item, uuid.uuid4().hex) and False:",
           f"{MAILS}::test_what_may_have_been_taken_is_never_sent_again"),
    Mutant(f"{NEXUS}/mail/service.py", ' or item.state == "sent":', ":",
           f"{MAILS}::test_a_message_that_comes_twice_sends_one_mail"),
    Mutant(f"{NEXUS}/outside/seals.py", "return content if any(whole) else None",
           "return content", f"{UNSUBSCRIBING}::test_no_bit_of_a_link_can_be_changed"),
    Mutant(f"{NEXUS}/outside/seals.py", 'f"{purpose}\\0{content}"', "content",
           f"{UNSUBSCRIBING}::test_a_seal_for_one_purpose_is_good_for_no_other"),
    Mutant(f"{NEXUS}/outside/mail_events.py",
           "if abs(now.timestamp() - int(timestamp)) > MOST_SKEW.total_seconds():", "if False:",
           SIGNED),
    Mutant(f"{NEXUS}/outside/mail_events.py",
           "key.verify(shown, timestamp.encode() + body, ec.ECDSA(hashes.SHA256()))", "pass",
           SIGNED),
)  # fmt: skip
