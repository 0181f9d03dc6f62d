"""manage.py reclean cleans stored HTML again with the current cleaner."""

from django.core.management import call_command

from boards import search
from boards.models import PostBody
from boards.repair import recount
from boardsite.text import richtext


def test_old_bodies_are_cleaned_and_reindexed(post, capsys):
    PostBody.objects.update(cleaner_version=0, source="<p>남는 말<script>사라질</script></p>")
    call_command("reclean")
    body = PostBody.objects.get()
    assert (body.html, body.cleaner_version) == ("<p>남는 말</p>", richtext.CLEANER_VERSION)
    assert search.posts.find(search.ask("남는"), limit=5) == [post.pk]
    assert search.posts.find(search.ask("활짝"), limit=5) == []
    assert recount(repairs=False) == []
    assert capsys.readouterr().out == "본문 1개를 다시 걸렀습니다.\n"


def test_bodies_of_the_current_version_are_left_alone(post, capsys):
    PostBody.objects.update(html="<p>그대로</p>")
    call_command("reclean")
    assert PostBody.objects.get().html == "<p>그대로</p>"
    assert capsys.readouterr().out == "본문 0개를 다시 걸렀습니다.\n"
