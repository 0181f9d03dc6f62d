"""What templates in Django's language, the admin's, use."""

from django import template

from boardsite import jinja

register = template.Library()
register.filter(jinja.thousands)
