"""Resolves a conflict of names between allauth's templates and ours."""

from django.contrib.sites.requests import RequestSite


class OwnSiteInTemplates:
    """allauth's pages call the request's host `site`; in our templates that is SiteSettings."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_template_response(self, request, response):
        context = response.context_data or {}
        if isinstance(context.get("site"), RequestSite):
            del context["site"]
        return response
