"""Replaces Django's lazy request.user."""


class PlainUser:
    """Gives views and templates the member object itself once it has been loaded.

    Django's `request.user` is a lazy wrapper. A page reads it hundreds of times, and each time the
    wrapper would take longer than the attribute."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if hasattr(request, "_cached_user"):
            request.user = request._cached_user
