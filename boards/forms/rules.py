"""A board's rules for what is written, applied to a form that is otherwise right."""

from django import forms
from django.utils.translation import gettext as _

from boards import limits
from boards.permissions import Access
from boards.text import richtext
from boardsite.ratelimit import TooMany

LINKS = ("link1", "link2")


def keeps_rules(form: forms.Form, can: Access) -> bool:
    """Whether a valid PostForm or CommentForm, new or an edit, may say what it says in this board.

    If not, the form says so beside the field.
    """
    _check_words(form, can)
    _check_links(form, can)
    return not form.errors


def refuse(form: forms.Form, can: Access, refusal: TooMany) -> None:
    """Lets the form say that this came too soon; it has `retry_after` in seconds then."""
    sentence = refusal.message
    if isinstance(refusal, limits.EnoughToday):
        sentence = _("새 회원은 이 게시판에 하루 %(count)d개까지 글을 쓸 수 있습니다.")
        sentence %= {"count": can.board.new_member_posts}
    elif isinstance(refusal, limits.Pausing):
        sentence = _pause_sentence(can, refusal)
    form.add_error(None, sentence)
    form.retry_after = refusal.retry_after


def _check_words(form: forms.Form, can: Access) -> None:
    found = limits.blocked(can, _texts(form))
    if found is not None:
        name, word = found
        sentence = _("'%(word)s'은(는) 이 게시판에서 쓸 수 없는 말입니다. 고쳐 써 주세요.")
        form.add_error(name if name in form.fields else None, sentence % {"word": word})


def _texts(form: forms.Form) -> dict[str, str]:
    """What people will read of it, by the names of its fields."""
    texts = {}
    for name, value in form.cleaned_data.items():
        if name == "source":
            texts[name] = richtext.text_of(_html(form))
        elif name in ("subject", "text", "tags", "name", "guest_name") or name.startswith("extra_"):
            many = isinstance(value, list | tuple)
            texts[name] = "\n".join(map(str, value)) if many else str(value or "")
    return texts


def _check_links(form: forms.Form, can: Access) -> None:
    allowed = limits.links_allowed(can)
    if allowed is None or form.errors:
        return
    data = form.cleaned_data
    more = [data.get(name) for name in LINKS]
    more += [str(value) for name, value in data.items() if name.startswith("extra_")]
    more = [link for link in more if link and link.lower().startswith(("http://", "https://"))]
    if len(limits.outside_links(_html(form), more)) > allowed and not can.moderate:
        sentence = _("새 회원은 링크를 %(count)d개까지 넣을 수 있습니다. 링크를 줄여 주세요.")
        form.add_error(
            "source" if "source" in form.fields else "text", sentence % {"count": allowed}
        )


def _pause_sentence(can: Access, refusal: TooMany) -> str:
    return _(
        "이 게시판에는 %(pause)d초에 하나씩 쓸 수 있습니다. %(wait)d초 뒤에 다시 눌러 주세요."
    ) % {"pause": can.board.pause_seconds, "wait": refusal.retry_after}


def _html(form: forms.Form) -> str:
    data = form.cleaned_data
    if "source" in form.fields:
        return richtext.render(data.get("source", ""), data.get("format", "text"))
    return richtext.comment_html(data.get("text", ""))
