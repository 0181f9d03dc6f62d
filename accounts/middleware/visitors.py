"""Who asks."""


class PlainUser:
    """Views and templates get the member himself, once it is known who asks.

    Django's `request.user` is a wrapper that looks him up when he is first asked for something; a
    page asks him hundreds of times, and each time the wrapper would cost more than the answer.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if hasattr(request, "_cached_user"):
            request.user = request._cached_user
