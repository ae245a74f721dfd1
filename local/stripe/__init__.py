"""Stripe's stand-in: localstripe, and before it what localstripe lacks."""
