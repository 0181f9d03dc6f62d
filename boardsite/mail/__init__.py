"""Mail: the server that an operator or the owner has set up, and how mails look."""


def is_set_up() -> bool:
    """Whether this site can send mails. settings.py imports this package before there are models."""
    from boardsite.mail.servers import is_set_up

    return is_set_up()
