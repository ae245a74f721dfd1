"""SendGrid on this machine: takes mails as its API does, shows them, and tells what became of
them.
"""
