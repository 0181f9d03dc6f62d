"""The rules of a board for texts, applied to a form that is otherwise valid."""

from django import forms
from django.utils.translation import gettext as _

from boards import limits
from boards.permissions import Access
from boardsite.forms import refuse_form
from boardsite.limits.rate_limit import TooMany
from boardsite.text import richtext

LINKS = ("link1", "link2")
# The board's blocked words apply to every text field except these: name → reason.
UNCHECKED = {
    "link1": "an address, which its owner has named",
    "link2": "an address, which its owner has named",
    "guest_password": "nobody reads it",
    "guest_mail": "nobody reads it",
    "format": "a choice of ours",
    "answers": "the id of a post",
    "edited_at": "a date of ours",
    "made": "a stamp of ours",
    "homepage": "a trap for programs",
    "captcha_answer": "nobody reads it",
    "captcha_question": "a question of ours",
    "captcha_work": "the solution of a puzzle",
}


def keeps_rules(form: forms.Form, can: Access) -> bool:
    """Whether a valid PostForm or CommentForm, new or an edit, keeps the rules of the board.

    If not, adds an error to the field.
    """
    _check_words(form, can)
    _check_links(form, can)
    _check_length(form, can)
    return not form.errors


def refuse(form: forms.Form, can: Access, refusal: TooMany) -> None:
    """Adds the error that this came too soon, and sets `retry_after` in seconds."""
    sentence = refusal.message
    if isinstance(refusal, limits.EnoughToday):
        sentence = _("새 회원은 이 게시판에 하루 %(count)d개까지 글을 쓸 수 있습니다.")
        sentence %= {"count": can.board.new_member_posts}
    elif isinstance(refusal, limits.Pausing):
        sentence = _pause_sentence(can, refusal)
    refuse_form(form, refusal, sentence=sentence)


def _check_words(form: forms.Form, can: Access) -> None:
    found = limits.blocked(can, _texts(form))
    if found is not None:
        name, word = found
        sentence = _("이 게시판에서 쓸 수 없는 말입니다: '%(word)s'. 고쳐 써 주세요.")
        form.add_error(name if name in form.fields else None, sentence % {"word": word})


def _texts(form: forms.Form) -> dict[str, str]:
    """The visible texts of the form by field name."""
    texts = {}
    for name, value in form.cleaned_data.items():
        if name == "source":
            texts[name] = richtext.text_of(_html(form))
        elif isinstance(value, tuple):
            texts[name] = "\n".join(value)
        elif name.startswith("extra_") or (isinstance(value, str) and name not in UNCHECKED):
            texts[name] = str(value or "")
    return texts


def _check_links(form: forms.Form, can: Access) -> None:
    allowed = limits.links_allowed(can)
    if allowed is None or form.errors:
        return
    data = form.cleaned_data
    more = [data.get(name) or "" for name in LINKS]
    more += [str(value) for name, value in data.items() if name.startswith("extra_")]
    more = [link for link in more if link.lower().startswith(("http://", "https://"))]
    if len(limits.outside_links(_html(form), more)) > allowed and not can.moderate:
        sentence = _("새 회원은 링크를 %(count)d개까지 넣을 수 있습니다. 링크를 줄여 주세요.")
        form.add_error(
            "source" if "source" in form.fields else "text", sentence % {"count": allowed}
        )


def _check_length(form: forms.Form, can: Access) -> None:
    name = "source" if "source" in form.fields else "text"
    wanted = limits.lengths(can, is_post=name == "source")
    if not any(wanted):
        return
    length = len(" ".join(richtext.text_of(_html(form)).split()))
    if length < wanted.least:
        sentence = _("%(limit)d자 이상 써 주세요. 지금 %(length)d자입니다.")
        form.add_error(name, sentence % {"limit": wanted.least, "length": length})
    elif 0 < wanted.most < length:
        sentence = _("%(limit)d자까지 쓸 수 있습니다. 지금 %(length)d자입니다.")
        form.add_error(name, sentence % {"limit": wanted.most, "length": length})


def length_hint(can: Access, *, is_post: bool) -> str:
    """The sentence about lengths above the form; "" if there is no limit."""
    least, most = limits.lengths(can, is_post=is_post)
    if least and most:
        sentence = _("%(least)s자 이상 %(most)s자까지 쓸 수 있습니다.")
    elif least:
        sentence = _("%(least)s자 이상 써 주세요.")
    elif most:
        sentence = _("%(most)s자까지 쓸 수 있습니다.")
    else:
        return ""
    return sentence % {"least": f"{least:,}", "most": f"{most:,}"}


def _pause_sentence(can: Access, refusal: TooMany) -> str:
    return _(
        "이 게시판에는 %(pause)d초에 하나씩 쓸 수 있습니다. %(wait)d초 뒤에 다시 눌러 주세요."
    ) % {"pause": can.board.pause_seconds, "wait": refusal.retry_after}


def _html(form: forms.Form) -> str:
    data = form.cleaned_data
    if "source" in form.fields:
        return richtext.render(data.get("source", ""), data.get("format", "text"))
    return richtext.comment_html(data.get("text", ""))
