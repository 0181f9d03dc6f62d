"""Mails of ours, besides those that are allauth's; their words are in templates/accounts/email/."""
