"""Who someone is, and what they may do."""

from tests.mutants.mutant import FUNCTIONS, NEXUS, Mutant

ACCOUNTS = f"{NEXUS}/accounts"
TOKENS = f"{ACCOUNTS}/tokens.py"
SERVICE = f"{ACCOUNTS}/service.py"
THROTTLING = f"{ACCOUNTS}/throttling.py"
IDENTITY = f"{NEXUS}/web/identity.py"

FORGED = f"{FUNCTIONS}/web/test_tokens.py::test_no_door_opens"
SESSIONS = f"{FUNCTIONS}/accounts/test_sessions.py"
ENDINGS = f"{FUNCTIONS}/web/test_endings.py::test_no_door_opens_any_more"
THROTTLED = f"{FUNCTIONS}/accounts/test_throttling.py"
ENUMERATION = f"{FUNCTIONS}/accounts/test_enumeration.py"
AGAIN = f"{FUNCTIONS}/accounts/test_registering_again.py"
REGISTRATION = f"{FUNCTIONS}/accounts/test_registration.py"
ERASURE = f"{FUNCTIONS}/accounts/test_erasure.py"
MODERATION = f"{FUNCTIONS}/admin/test_moderation.py"
PASSWORDS = f"{FUNCTIONS}/accounts/test_passwords.py"
EVERYONE = "tests/contract/test_authorisation.py::test_everyone_is_answered_as_the_table_says"

OPTIONS = 'options={"require"'


def unchecked(claim: str, forgery: str) -> Mutant:
    return Mutant(
        TOKENS, OPTIONS, f'options={{"verify_{claim}": False, "require"', f"{FORGED}[{forgery}]"
    )


MUTANTS = (
    # Access tokens
    Mutant(TOKENS, 'header.get("typ") != TYPE', "False", f"{FORGED}[typ of a mail link]"),
    Mutant(
        TOKENS,
        "algorithms=[settings().algorithm]",
        'algorithms=["HS256", "HS512"]',
        f"{FORGED}[HS512]",
    ),
    unchecked("signature", "another key"),
    unchecked("aud", "other audience"),
    unchecked("iss", "other issuer"),
    unchecked("exp", "expired"),
    unchecked("iat", "issued in the future"),
    unchecked("nbf", "not before tomorrow"),
    Mutant(TOKENS, '"require": ["exp", ', '"require": [', f"{FORGED}[no exp]"),
    Mutant(TOKENS, '"sub", "jti", "iss"', '"sub", "iss"', f"{FORGED}[no jti]"),
    Mutant(
        SERVICE, "access.token_version != user.token_version", "False", f"{FORGED}[older version]"
    ),
    Mutant(IDENTITY, 'scheme.lower() != "bearer" or not token', "not token",
           f"{FUNCTIONS}/web/test_tokens.py::test_the_header_must_say_bearer"),
    # Sessions
    Mutant(SERVICE, "lives and not user.is_banned", "not user.is_banned",
           f"{ENDINGS}[is_there_for_a_month]"),
    Mutant(SERVICE, "lives and not user.is_banned", "lives",
           f"{SESSIONS}::test_a_ban_holds_from_the_next_request_on"),
    Mutant(SERVICE, "and session.token_version == user.token_version", "",
           f"{SESSIONS}::test_a_new_token_version_ends_all_sessions"),
    Mutant(SERVICE,
           "        close_session(token.user_id, token.family)\n        raise", "        raise",
           f"{ENDINGS}[spends_a_token_twice]"),
    Mutant(SERVICE, "if session and hmac.compare_digest(session.token_hash, token.hash):",
           "if session:",
           f"{SESSIONS}::test_logout_twice_is_no_error_and_a_spent_token_ends_nothing"),
    Mutant(f"{NEXUS}/table/users.py", "shown_is_newest | done_before)", "Item.pk.exists())",
           f"{SESSIONS}::test_a_token_used_twice_ends_its_whole_family"),
    Mutant(f"{ACCOUNTS}/mailed.py", "user.token_version + 1", "user.token_version",
           f"{ENDINGS}[sets_a_new_password]"),
    Mutant(f"{ACCOUNTS}/moderation.py",
           'wanted["token_version"] = user.token_version + 1', "pass",
           f"{ENDINGS}[was_banned_and_is_no_more]"),
    # Entering
    Mutant(SERVICE, "user is None or not fits or user.is_banned", "user is None or user.is_banned",
           "tests/contract/test_accounts.py::test_a_wrong_password_is_401"),
    Mutant(SERVICE, "user is None or not fits or user.is_banned", "user is None or not fits",
           f"{ENUMERATION}::test_unknown_wrong_and_banned_are_answered_alike"),
    Mutant(f"{ACCOUNTS}/passwords.py", "    try:\n        HASHER.verify(",
           "    if password_hash is None:\n        return False\n    try:\n        HASHER.verify(",
           f"{ENUMERATION}::test_unknown_wrong_and_banned_cost_the_same_work"),
    Mutant(f"{ACCOUNTS}/mailed.py",
           "    commit(*mail_secret(", "    if user:\n        commit(*mail_secret(",
           f"{ENUMERATION}::test_a_forgotten_password_is_answered_alike_and_costs_the_same_calls"),
    Mutant(THROTTLING, "    _count(ADDRESS, address, now)\n", "",
           f"{THROTTLED}::test_an_address_cannot_try_many_accounts_without_end"),
    Mutant(THROTTLING, "    _count(PAIR, pair, now)\n", "",
           f"{THROTTLED}::test_an_address_gets_few_tries_at_an_account_in_a_quarter_of_an_hour"),
    Mutant(THROTTLING, "pair if known else email", "email",
           f"{THROTTLED}::test_an_attack_from_elsewhere_does_not_lock_the_owner_out"),
    Mutant(THROTTLING, 'Limit("LOGIN-ACCOUNT", 100,', 'Limit("LOGIN-ACCOUNT", 1000,',
           f"{THROTTLED}::test_nist_allows_a_hundred_tries_at_most"),
    Mutant(THROTTLING, "<= MAIL.attempts", "<= 10**9",
           f"{FUNCTIONS}/accounts/test_mailed.py::test_nobody_fills_somebodys_inbox"),
    Mutant(THROTTLING, "REGISTRATION.attempts)", "10**9)",
           f"{THROTTLED}::"
           "test_an_address_is_greeted_three_times_a_day_however_often_its_account_is_erased"),
    Mutant(SERVICE, "user.is_banned or not passwords.verify(", "not passwords.verify(",
           f"{AGAIN}::test_a_banned_account_is_not_entered_by_registering_again"),
    Mutant(SERVICE, "or not passwords.verify(password, user.password_hash)", "",
           f"{AGAIN}::test_a_password_of_before_opens_nothing"),
    Mutant(IDENTITY, "return str(context",
           'return request.headers.get("x-forwarded-for") or str(context',
           f"{THROTTLED}::test_headers_do_not_make_another_address"),
    # Names and passwords
    Mutant(f"{NEXUS}/table/items.py", "return Put(item, Item.pk.does_not_exist())",
           "return Put(item)", f"{REGISTRATION}::test_a_username_is_held_once_whatever_its_case"),
    Mutant(f"{ACCOUNTS}/names.py", '.replace(".", "")', "",
           f"{REGISTRATION}::test_one_mailbox_opens_one_account_however_it_is_spelled"),
    Mutant(f"{ACCOUNTS}/names.py", "if len(key.encode()) > MOST_KEY_BYTES:", "if False:",
           f"{ENUMERATION}::test_unknown_wrong_and_banned_are_answered_alike"),
    Mutant(f"{ACCOUNTS}/moderation.py", "[: LONGEST_USERNAME + 1]", "",
           f"{MODERATION}::test_nobody_is_found_by_what_is_too_long_to_be_a_name"),
    Mutant(f"{ACCOUNTS}/schemas.py", "    AfterValidator(as_registered),\n", "",
           f"{REGISTRATION}::test_an_address_opens_the_account_as_it_was_typed"),
    Mutant(f"{ACCOUNTS}/passwords.py", "SHORTEST = 15", "SHORTEST = 8",
           f"{PASSWORDS}::test_guessable_and_malformed_passwords_are_refused"),
    Mutant(f"{ACCOUNTS}/passwords.py", 'if found["score"] >= WEAKEST_SCORE:', "if True:",
           f"{PASSWORDS}::test_guessable_and_malformed_passwords_are_refused"),
    Mutant(f"{ACCOUNTS}/passwords.py", "if _readings(beginning) > MOST_READINGS:", "if False:",
           f"{PASSWORDS}::test_no_password_takes_seconds_to_judge"),
    # The signing key
    Mutant(f"{NEXUS}/outside/secrets.py", "if not _is_long(current):", "if False:",
           "tests/nexus/test_secrets.py::test_a_short_key_signs_nothing"),
    Mutant(f"{NEXUS}/outside/secrets.py", "*filter(_is_long, before)", "*[]",
           "tests/nexus/test_secrets.py::"
           "test_tokens_of_the_previous_key_are_good_until_they_end"),
    Mutant(f"{NEXUS}/outside/secrets.py", "*filter(_is_long, before)", "*before",
           "tests/nexus/test_secrets.py::test_a_short_key_is_forgotten_when_a_long_one_follows"),
    # Secrets by mail
    Mutant(f"{NEXUS}/table/mailed.py", "item.purpose != purpose or ", "",
           f"{FUNCTIONS}/accounts/test_mailed.py::test_a_secret_is_for_one_purpose"),
    Mutant(f"{NEXUS}/table/mailed.py", " or (item.expires_at or 0) <= now.timestamp()", "",
           f"{FUNCTIONS}/accounts/test_mailed.py::test_a_secret_does_not_live_for_ever"),
    Mutant(f"{ACCOUNTS}/mailed.py", "change_user(user, changes, spend_mailed(item))",
           "change_user(user, changes)",
           f"{FUNCTIONS}/accounts/test_mailed.py::test_an_address_is_proven_once"),
    # Erasure
    Mutant(f"{ACCOUNTS}/mailing.py", "digest(secret + email)", "email",
           f"{ERASURE}::test_the_address_is_nowhere_though_its_links_have_not_run_out"),
    Mutant(f"{NEXUS}/erasure/service.py", " or upload.status == AT_WORK", "",
           f"{ERASURE}::test_a_file_that_a_worker_has_in_hand_meanwhile_goes_too"),
    Mutant(f"{NEXUS}/table/idempotency.py", "actions, Item.pk.exists()", "actions",
           f"{ERASURE}::test_a_request_that_ends_after_the_erasure_leaves_no_answer"),
    # What a part of an export leaves for the next
    Mutant(f"{NEXUS}/export/service.py", "or (count > 1 and size > MOST_BYTES)", "",
           f"{FUNCTIONS}/accounts/test_export.py::"
           "test_long_descriptions_of_many_models_do_not_burst_an_answer"),
    Mutant(f"{NEXUS}/export/service.py", "len(orjson.dumps(entry.model_dump_json()))",
           "len(entry.model_dump_json().encode())",
           f"{FUNCTIONS}/accounts/test_export.py::"
           "test_long_descriptions_of_many_models_do_not_burst_an_answer"),
    Mutant(f"{ACCOUNTS}/mailed.py", "if item.token_version != user.token_version:", "if False:",
           f"{FUNCTIONS}/accounts/test_mailed.py::"
           "test_a_new_password_ends_all_links_from_before_it"),
    # Admins
    Mutant(IDENTITY, "if not user.is_admin:", "if False:", EVERYONE),
    Mutant(f"{ACCOUNTS}/moderation.py", "if user_id == admin.id:", "if False:",
           f"{MODERATION}::test_admins_do_not_ban_themselves"),
    Mutant(f"{ACCOUNTS}/moderation.py", "    if not own:\n", "    if True:\n",
           f"{MODERATION}::test_admins_may_give_the_badge_to_themselves"),
    Mutant(f"{ACCOUNTS}/profile.py", "if user.is_admin:", "if False:", EVERYONE),
    Mutant(f"{NEXUS}/web/app.py",
           "if not isinstance(route, APIRoute) or not _guarded(route.dependant):",
           "if not isinstance(route, APIRoute):",
           f"{FUNCTIONS}/web/test_doors.py::"
           "test_a_route_that_does_not_say_who_may_enter_stops_the_function"),
)  # fmt: skip
