"""인기검색어: the words that visitors search for, without the visitors."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from boards.text.search_words import MAX_WORD
from boardsite.models import OneRow


class SearchWord(models.Model):
    """How many visitors (addresses) searched for `word` on a day and found something.

    Days are those of the site's time zone; see docs/decisions/0025.
    """

    pk = models.CompositePrimaryKey("day", "word")
    day = models.DateField(_("날짜"))
    word = models.CharField(_("검색어"), max_length=MAX_WORD)
    visitors = models.PositiveIntegerField(_("찾은 사람"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("인기검색어")

    def __str__(self) -> str:
        return f"{self.day} {self.word}: {self.visitors:,}"


class BlockedSearchWord(models.Model):
    """A word that 인기검색어 never shows, nor any phrase that contains it."""

    word = models.CharField(
        _("막을 말"),
        max_length=MAX_WORD,
        unique=True,
        error_messages={"unique": _("이미 막은 말입니다.")},
        help_text=_("이 말이 든 검색어는 모두 숨깁니다. 띄어쓰기와 대소문자는 가리지 않습니다."),
    )
    added_at = models.DateTimeField(_("막은 시각"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("막은 인기검색어")
        ordering = ["word"]

    def __str__(self) -> str:
        return self.word


class SearchSettings(OneRow):
    """The owner's settings for the search."""

    popular_words = models.PositiveSmallIntegerField(
        _("보일 인기검색어의 수"),
        default=10,
        validators=[MaxValueValidator(20)],
        help_text=_("0이면 보이지 않습니다."),
    )

    class Meta:
        verbose_name = verbose_name_plural = _("검색 설정")
