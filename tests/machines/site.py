"""Creates the tables and members of the site on many machines, as an operator would before the
first start. Runs as a program configured by the environment."""

import os

PASSWORD = "correct-horse-42"
MEMBERS = {"minji": "민지", "junho": "준호", "sora": "소라", "dohyun": "도현"}


def make() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)

    from accounts.models import Member
    from boards.models import Board, BoardGroup

    for username, nickname in MEMBERS.items():
        Member.objects.create_user(username, f"{username}@example.com", PASSWORD, nickname=nickname)
    group = BoardGroup.objects.create(slug="community", name="커뮤니티")
    Board.objects.create(group=group, slug="free", name="자유게시판", position=1)


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "boardsite.settings"
    import django

    django.setup()
    make()
