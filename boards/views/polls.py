"""Voting in the poll of a post, and deleting a 기타의견."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.permissions import Refused
from boards.actions.polls import AlreadyVoted, PollChanged, PollClosed
from boards.actions.polls import delete_opinion as do_delete_opinion
from boards.actions.polls import vote_in_poll as do_vote_in_poll
from boards.forms import VoteForm
from boards.limits import blocked
from boards.models import Poll, PollOpinion
from boards.permissions import Access
from boards.refusals import REFUSED_DELETE, REFUSED_POLL_CLOSED
from boards.views.finding import readable_post
from boards.views.showing import new_comment_form, page_of
from boardsite.forms import show_form
from boardsite.limits.attempts import counts_attempts
from boardsite.limits.rate_limit import hit_or_refuse

NO_POLL = gettext_lazy("이 글에는 설문이 없습니다.")
ALREADY_VOTED = gettext_lazy("이미 투표하셨습니다. 이 설문에서는 투표를 바꿀 수 없습니다.")
CHANGED = gettext_lazy("설문의 항목이 바뀌었습니다. 다시 골라 주세요.")


@require_POST
@counts_attempts
def vote_in_poll(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Votes for the `options` of the form; shows the post with the form's errors if there are any."""
    post, can = readable_post(request, slug, number)
    poll: Poll | None = getattr(post, "poll", None)
    if poll is None:
        raise Http404(NO_POLL)
    here = f"{post.get_absolute_url()}#poll"
    refusal = can.refusal_to_vote_in_poll(post, poll)
    if refusal or not request.user.is_authenticated:
        raise Refused(refusal, back=here)
    form = VoteForm(request.POST, poll=poll)
    if form.is_valid() and _keeps_words(form, can):
        hit_or_refuse(f"poll:{request.user.pk}", limit=100, seconds=600)
        try:
            do_vote_in_poll(
                post=post,
                member=request.user,
                options=form.cleaned_data["options"],
                opinion=form.cleaned_data.get("opinion", ""),
            )
        except PollClosed:
            raise Refused(REFUSED_POLL_CLOSED, back=here) from None
        except AlreadyVoted:
            raise Refused(ALREADY_VOTED, back=here) from None
        except Poll.DoesNotExist:
            raise Http404(NO_POLL) from None
        except PollChanged:
            form.add_error("options", CHANGED)
        else:
            messages.success(request, _("투표했습니다."))
            return redirect(here)
    comment_form = new_comment_form(request, can, post)
    page = page_of(request, can, post, comment_form=comment_form, vote_form=form)
    return show_form(request, "boards/read_post.jinja", {**vars(page)}, form)


@require_POST
def delete_opinion(request: HttpRequest, slug: str, number: int, pk: int) -> HttpResponse:
    """Deletes a 기타의견 of the post's poll."""
    post, can = readable_post(request, slug, number)
    opinions = PollOpinion.objects.select_related("poll")
    opinion = opinions.filter(poll=post.pk, pk=pk).first()
    if opinion is None:
        raise Http404(_("기타의견이 존재하지 않습니다. 삭제된 경우입니다."))
    if not can.may_delete_opinion(post, opinion):
        raise Refused(REFUSED_DELETE, back=post.get_absolute_url())
    do_delete_opinion(opinion=opinion)
    messages.success(request, _("기타의견을 지웠습니다."))
    return redirect(f"{post.get_absolute_url()}#poll")


def _keeps_words(form: VoteForm, can: Access) -> bool:
    """Whether the opinion has no word that the board blocks; otherwise adds an error."""
    found = blocked(can, {"opinion": form.cleaned_data.get("opinion", "")})
    if found is None:
        return True
    sentence = _("이 게시판에서 쓸 수 없는 말입니다: '%(word)s'. 고쳐 써 주세요.")
    form.add_error("opinion", sentence % {"word": found[1]})
    return False
