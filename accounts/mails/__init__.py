"""The site's own mails, besides allauth's; the texts are in templates/accounts/email/."""
