"""What is bought, what is paid, and what is given back."""

from tests.mutants.mutant import FUNCTIONS, NEXUS, Mutant

PURCHASES = f"{NEXUS}/purchases"
SERVICE = f"{PURCHASES}/service.py"
EVENTS = f"{PURCHASES}/events.py"
SETTLEMENT = f"{PURCHASES}/settlement.py"
REFUNDING = f"{PURCHASES}/refunding.py"
STRIPE = f"{NEXUS}/outside/stripe_events.py"

BUYING = f"{FUNCTIONS}/models/test_purchases.py"
REFUSED = f"{FUNCTIONS}/models/test_refused_payments.py"
PAYING = f"{FUNCTIONS}/models/test_paying.py"
RETURNING = f"{FUNCTIONS}/models/test_returning.py"
DISPUTES = f"{FUNCTIONS}/models/test_disputes.py"
APPEALS = f"{FUNCTIONS}/models/test_appeals.py"
AT_STRIPE = f"{FUNCTIONS}/models/test_refunds_at_stripe.py"
SLOW = f"{FUNCTIONS}/models/test_slow_payments.py"
DISBURSING = f"{FUNCTIONS}/admin/test_disbursements.py"
ONCE = f"{FUNCTIONS}/models/test_returned_once.py"
UNDER_WAY = f"{FUNCTIONS}/models/test_refunds_under_way.py"
BROKEN_OFF = f"{FUNCTIONS}/models/test_broken_off_refunds.py"
DOWNLOADS = f"{FUNCTIONS}/models/test_downloads.py"
PRICES = f"{FUNCTIONS}/models/test_prices.py"
SELLING = f"{FUNCTIONS}/accounts/test_selling.py"
FORGED = f"{FUNCTIONS}/webhooks/test_forged.py"
LIES = f"{PAYING}::test_what_does_not_fit_the_quote_buys_nothing"
A_FORGERY = f"{FORGED}::test_a_forgery_is_refused_and_nothing_is_written"
MONEY = "tests/nexus/test_money.py"
EVERYONE = "tests/contract/test_authorisation.py::test_everyone_is_answered_as_the_table_says"

MUTANTS = (
    # Cents
    Mutant(f"{NEXUS}/money.py", "amount_cents + 500) // 1000", "amount_cents) // 1000",
           f"{MONEY}::test_the_fee_is_half_up_and_leaves_the_rest"),
    Mutant(f"{NEXUS}/money.py", "if amount * 100 != int(amount * 100):", "if False:",
           f"{FUNCTIONS}/models/test_submitting.py::test_prices_that_are_none"),
    Mutant(f"{NEXUS}/money.py", "isinstance(value, bool) or ", "",
           f"{FUNCTIONS}/models/test_submitting.py::test_prices_that_are_none"),
    Mutant(f"{NEXUS}/money.py", "if not 0 <= amount * 100 <= LARGEST_PRICE_CENTS:", "if False:",
           f"{FUNCTIONS}/models/test_submitting.py::test_prices_that_are_none"),
    # Who may buy what
    Mutant(SERVICE, "if model.creator_id == buyer.id:", "if False:",
           f"{BUYING}::test_nobody_buys_their_own_model"),
    Mutant(SERVICE, 'model.status != "approved" or seller is None', "seller is None",
           f"{BUYING}::test_what_is_not_on_sale_is_not_to_be_found"),
    Mutant(SERVICE, "seller is None or seller.is_banned", "seller is None",
           f"{BUYING}::test_a_banned_creator_sells_nothing"),
    Mutant("functions/models/purchases.py", "buyer_id not in {None, user.id}", "False",
           f"{BUYING}::test_the_buyer_is_whoever_is_signed_in"),
    Mutant(f"{NEXUS}/outside/payments.py",
           '    if method == "none":\n        raise PaymentsClosed\n', "",
           f"{BUYING}::test_while_payments_are_closed_only_free_models_can_be_had"),
    Mutant(f"{NEXUS}/settings.py", 'self.payment_provider == "sandbox" and', "False and",
           "tests/nexus/test_settings.py::test_with_the_sandbox_nobody_pays_so_it_stays_at_home"),
    # What is told of a payment fits its quote
    Mutant(EVENTS, "sale.payment_reference not in {None, told.reference}", "False",
           f"{LIES}[{{'id': 'pi_of_another'}}]"),
    Mutant(EVENTS, "told.currency != sale.currency", "False", f"{LIES}[{{'currency': 'eur'}}]"),
    Mutant(EVENTS, "told.livemode != sale.livemode", "False", f"{LIES}[{{'livemode': True}}]"),
    Mutant(EVENTS, "told.account is not None", "False",
           f"{LIES}[{{'account': 'acct_of_another'}}]"),
    Mutant(EVENTS, 'disputed = told.about == "paid"', "disputed = False",
           f"{LIES}[{{'amount_received': 1}}]"),
    Mutant(EVENTS, "if event.mistrust:", "if False:", LIES),
    Mutant(EVENTS, "if book.knows(told.event_id):", "if False:",
           f"{FORGED}::test_what_is_signed_is_taken_and_taken_once"),
    Mutant(f"{PURCHASES}/paying.py", "checkout.until <= now", "False",
           f"{PAYING}::test_a_quote_holds_for_half_an_hour_and_then_another_may_begin"),
    Mutant(f"{PURCHASES}/paying.py",
           'if sale is None or sale.status != "pending":', "if True:",
           f"{PAYING}::test_a_quote_holds_for_half_an_hour_and_then_another_may_begin"),
    Mutant(f"{PURCHASES}/paying.py", '_note_end(sale, "refused", "", now)', "pass",
           f"{REFUSED}::test_what_stripe_refuses_has_failed_and_can_be_tried_again"),
    Mutant(f"{PURCHASES}/paying.py", "ended == AT_ONCE or", "ended + len(unknown) == AT_ONCE or",
           f"{REFUSED}::test_what_stripe_does_not_know_keeps_no_other_from_its_end"),
    Mutant(f"{PURCHASES}/paying.py", "or len(unanswered) == UNANSWERED", "",
           f"{REFUSED}::test_where_stripe_is_away_the_job_does_not_ask_for_all"),
    Mutant(f"{NEXUS}/outside/stripe_connect.py",
           "except AccountGone:\n            return False",
           "except AccountGone:\n            return True",
           f"{REFUSED}::test_a_seller_whose_account_is_gone_goes_on_selling_and_gets_another"),
    Mutant(f"{NEXUS}/payouts/disbursing.py", "if wanted.amount > left:", "if False:",
           f"{DISBURSING}::test_no_more_is_paid_than_is_owed"),
    Mutant(f"{NEXUS}/payouts/disbursing.py", "+ sums.disbursed_cents - known.cents", "",
           f"{DISBURSING}::test_what_is_sent_twice_at_once_is_owed_once"),
    Mutant(SETTLEMENT, "whole or any(event.superseded for event in told)", "whole",
           f"{APPEALS}::test_who_bought_again_before_the_appeal_was_won_owns_it_once"),
    Mutant(f"{NEXUS}/verification/books.py", "if sale.destination and passed_on !=",
           "if False and passed_on !=",
           f"{AT_STRIPE}::test_a_reversal_that_is_not_booked_is_found"),
    Mutant(f"{NEXUS}/verification/facts.py", "if len(ledger) != len(booked) or booked != {",
           "if False and booked != {",
           f"{DISBURSING}::test_what_is_booked_otherwise_than_it_was_paid_is_found"),
    Mutant(f"{PURCHASES}/reconciliation.py", "if not _is_paid(reference):", "if True:",
           f"{SLOW}::test_a_payment_that_took_days_is_known_to_both_books"),
    Mutant(f"{PURCHASES}/reconciliation.py", "and _is_paid(reference):", "and False:",
           f"{SLOW}::test_a_payment_that_took_days_and_that_nobody_told_us_of_is_found"),
    # Webhooks of the provider
    Mutant(STRIPE,
           "stripe.Webhook.construct_event(body, signature, secret, TOLERANCE_SECONDS)",
           "stripe.Webhook", f"{A_FORGERY}[another secret]"),
    Mutant(STRIPE, "for each in text.split()", "for each in text.split()[:1]",
           f"{FORGED}::test_each_of_the_two_endpoints_signs_with_its_own_secret"),
    Mutant(f"{NEXUS}/payouts/service.py", "told.livemode == payments.livemode()", "True",
           f"{SELLING}::test_news_of_the_other_mode_change_nothing"),
    Mutant(f"{NEXUS}/payouts/service.py", "if is_ready != payout.is_ready:", "if False:",
           f"{SELLING}::test_news_of_one_second_in_the_wrong_order_are_mended_by_asking"),
    Mutant(STRIPE, "secret, TOLERANCE_SECONDS)", "secret, 10**10)", f"{A_FORGERY}[too old]"),
    Mutant(STRIPE, "> now.timestamp() + TOLERANCE_SECONDS", "> 10**10",
           f"{A_FORGERY}[in the future]"),
    # What it comes to
    Mutant(SETTLEMENT, 'if ended or dispute == "lost":', "if ended:",
           f"{DISPUTES}::test_a_dispute_won_in_part_is_lost_for_the_rest"),
    Mutant(SETTLEMENT, 'dispute == "open" or nothing_left', "nothing_left",
           f"{DISPUTES}::test_a_dispute_of_a_part_takes_the_model_away_too"),
    Mutant(SETTLEMENT, "amount_cents + sale.amount_cents) //", "amount_cents) //",
           f"{RETURNING}::test_parts_add_up_to_the_whole_and_no_further"),
    Mutant(SETTLEMENT, 'return event.about != "disputed",', 'return event.about == "disputed",',
           f"{DISPUTES}::test_such_a_dispute_that_is_won_leaves_what_was_refunded"),
    Mutant(SETTLEMENT, "event.happened_at, RANK", "datetime.min, RANK",
           f"{APPEALS}::test_a_dispute_that_was_lost_can_be_won_on_appeal"),
    Mutant(SETTLEMENT, "RANK.index(event.about)", "-RANK.index(event.about)",
           f"{APPEALS}::test_of_two_ends_of_one_moment_the_worse_counts"),
    Mutant(f"{NEXUS}/table/payments.py", '{"none", "ended"}', '{"none"}',
           f"{APPEALS}::test_a_dispute_that_was_lost_can_be_won_on_appeal"),
    Mutant(f"{NEXUS}/outside/stripe_events.py", ' or dispute["status"] == "prevented"', "",
           f"{DISPUTES}::test_a_dispute_that_was_prevented_takes_nothing"),
    Mutant(f"{NEXUS}/outside/stripe_events.py", 'case "won" | "prevented":', 'case "won":',
           f"{DISPUTES}::test_a_dispute_that_was_prevented_takes_nothing"),
    Mutant(SETTLEMENT, "if refund.from_seller:", "if True:",
           f"{AT_STRIPE}::test_a_seller_owes_their_part_of_what_was_not_taken_back_from_them"),
    Mutant(SETTLEMENT, "key=lambda each: each.from_seller", "key=lambda each: not each.from_seller",
           f"{AT_STRIPE}::test_one_who_knows_whose_money_it_was_is_enough"),
    Mutant(SETTLEMENT, "max(_sum(taken) - sale.amount_cents, 0)", "0",
           f"{DISPUTES}::test_a_bank_may_take_more_than_was_paid"),
    Mutant(SETTLEMENT, "min(_sum(taken), sale.amount_cents)\n", "_sum(taken)\n",
           f"{DISPUTES}::test_a_bank_may_take_more_than_was_paid"),
    Mutant(SETTLEMENT, "if entry in known else entry", "if False else entry",
           f"{DISPUTES}::test_a_dispute_won_in_part_is_lost_for_the_rest"),
    Mutant(STRIPE, 'dispute["status"].startswith("warning")', "False",
           f"{DISPUTES}::test_an_inquiry_moves_no_money_until_it_is_a_dispute"),
    Mutant(STRIPE, '!= {dispute["currency"]}', "is None",
           f"{DISPUTES}::test_a_withdrawal_in_another_currency_tells_nothing_of_ours"),
    # Giving it back
    Mutant(REFUNDING, "if wanted > left:", "if False:",
           f"{RETURNING}::test_parts_add_up_to_the_whole_and_no_further"),
    Mutant(REFUNDING, 'if settled.status != "completed":', "if False:",
           f"{RETURNING}::test_a_free_model_is_given_back_once"),
    Mutant(REFUNDING, "if sale.buyer_id != buyer.id:", "if False:", EVERYONE),
    Mutant(REFUNDING, "now - sale.paid_at > CHANGE_OF_MIND", "False",
           f"{RETURNING}::test_purchases_can_be_returned_for_two_weeks"),
    Mutant(REFUNDING, "now, once, undownloaded=True", "now, once",
           f"{RETURNING}::test_who_has_downloaded_may_not"),
    Mutant(REFUNDING, "if undownloaded and book.sale.dispute:", "if False:",
           f"{ONCE}::test_what_was_downloaded_and_charged_back_in_part_cannot_be_returned"),
    Mutant(REFUNDING, "now, once, undownloaded=True", "now, undownloaded=True",
           f"{ONCE}::test_a_model_is_returned_once_by_each_buyer"),
    Mutant(REFUNDING, 'if book.knows(f"refunded-{subject}"):', "if False:",
           f"{RETURNING}::test_a_refund_that_is_found_made_is_told_again"),
    Mutant(f"{NEXUS}/web/routes.py", " and not isinstance(error, Unavailable)", "",
           f"{UNDER_WAY}::test_a_refund_noted_in_an_outage_is_made_once_by_whoever_comes_first"),
    Mutant(REFUNDING, 'if _book(transaction_id).knows(f"requested-{subject}"):', "if False:",
           f"{UNDER_WAY}::test_a_refund_that_was_overtaken_after_it_was_noted_is_not_asked_for_anew"),
    Mutant(REFUNDING, "if _was_refused(book, subject):", "if False:",
           f"{UNDER_WAY}::test_a_refund_that_was_noted_and_then_refused_stays_refused"),
    Mutant(f"{NEXUS}/outside/stripe_payments.py", "if _has_refund(reference, subject):",
           "if False:", f"{BROKEN_OFF}::test_a_refund_that_stripe_has_made_is_not_made_again"),
    # Downloads, receipts and statements
    Mutant(SERVICE, "return catalogue.concerns(model, user)", "return True",
           f"{DOWNLOADS}::test_only_the_entitled_get_links"),
    Mutant(SERVICE, "sale is None or sale.buyer_id != buyer.id", "sale is None",
           f"{PAYING}::test_others_do_not_see_a_purchase"),
    Mutant(f"{PURCHASES}/statements.py", "sale is None or sale.buyer_id != buyer.id",
           "sale is None", f"{SELLING}::test_a_receipt_is_for_who_paid"),
    Mutant(f"{PURCHASES}/statements.py", "if cell.lstrip", "if False and cell.lstrip",
           f"{SELLING}::test_a_statement_tells_what_was_booked"),
    Mutant(f"{NEXUS}/outside/files.py", "DOWNLOAD_SECONDS = 300", "DOWNLOAD_SECONDS = 3000",
           f"{DOWNLOADS}::test_a_link_hands_the_file_out_for_five_minutes"),
    Mutant(f"{NEXUS}/outside/files.py", "attachment; filename", "inline; filename",
           f"{DOWNLOADS}::test_a_link_hands_the_file_out_for_five_minutes"),
    Mutant(f"{PURCHASES}/statements.py", "if lines > MOST:", "if False:",
           f"{SELLING}::test_a_statement_is_whole_or_refused"),
    # Discounts
    Mutant(SERVICE, "if code and amount < model.price_cents else None", "if code else None",
           f"{PRICES}::test_a_code_that_lowers_nothing_is_not_used"),
    Mutant(f"{NEXUS}/discounts/service.py", "or not _lives(found, now)", "",
           f"{PRICES}::test_a_code_is_good_in_its_time"),
    Mutant(f"{NEXUS}/discounts/service.py", "find_discount(model.creator_id, code.upper())",
           "next((each for each in discounts_of(model.creator_id, None, 100)[0]), None)",
           f"{PRICES}::test_a_code_is_its_creators_own"),
)  # fmt: skip
