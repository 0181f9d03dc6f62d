from django.core.management.base import BaseCommand

from boards.actions.posts import clean_again
from boards.models import Post
from boardsite.text.richtext import CLEANER_VERSION


class Command(BaseCommand):
    help = (
        "이전 방식으로 걸러진 본문을 지금의 방식으로 다시 거릅니다. 멈춰도 이어서 할 수 있습니다."
    )

    def handle(self, **options):
        old = Post.objects.filter(body__cleaner_version__lt=CLEANER_VERSION)
        count = 0
        for post in old.order_by("pk").iterator(chunk_size=500):
            clean_again(post=post)
            count += 1
        self.stdout.write(f"본문 {count}개를 다시 걸렀습니다.")
