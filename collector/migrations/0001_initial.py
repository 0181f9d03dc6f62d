import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("boards", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RobotsFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "site",
                    models.CharField(
                        help_text="`https://paper.example`", max_length=300, unique=True
                    ),
                ),
                ("text", models.TextField(blank=True)),
                (
                    "closed_because",
                    models.CharField(
                        blank=True,
                        help_text="Why robots.txt could not be read, so that nothing is fetched (RFC 9309).",
                        max_length=300,
                    ),
                ),
                (
                    "read_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        help_text="When robots.txt was last read.",
                    ),
                ),
                (
                    "again_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        help_text="When robots.txt is requested again.",
                    ),
                ),
                (
                    "free_at",
                    models.DateTimeField(
                        help_text="Nothing is fetched before this time (Crawl-delay, Request-rate or Retry-After).",
                        null=True,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Source",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="글 아래에 출처로 적습니다.", max_length=80, verbose_name="이름"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("feed", "피드(RSS, Atom, JSON)"), ("listing", "목록 페이지")],
                        db_default="feed",
                        default="feed",
                        max_length=8,
                        verbose_name="종류",
                    ),
                ),
                (
                    "address",
                    models.URLField(
                        help_text="피드나 목록 페이지의 주소.",
                        max_length=1000,
                        unique=True,
                        validators=[django.core.validators.URLValidator(schemes=["http", "https"])],
                        verbose_name="주소",
                    ),
                ),
                (
                    "link_rule",
                    models.CharField(
                        blank=True,
                        db_default="",
                        help_text="목록 페이지에서 기사로 가는 링크의 CSS 선택자. 예: ul.list a",
                        max_length=300,
                        verbose_name="기사 링크 자리",
                    ),
                ),
                (
                    "reads_pages",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        help_text="피드에 앞부분만 있을 때. 목록 페이지는 늘 기사 페이지를 읽습니다.",
                        verbose_name="기사 페이지도 읽음",
                    ),
                ),
                (
                    "body_rule",
                    models.CharField(
                        blank=True,
                        db_default="",
                        help_text="기사 페이지에서 본문의 CSS 선택자. 비우면 스스로 찾습니다.",
                        max_length=300,
                        verbose_name="본문 자리",
                    ),
                ),
                (
                    "cut_rules",
                    models.TextField(
                        blank=True,
                        db_default="",
                        help_text="본문에서 뺄 것의 CSS 선택자. 한 줄에 하나.",
                        max_length=2000,
                        verbose_name="잘라 낼 자리",
                    ),
                ),
                ("is_on", models.BooleanField(default=False, verbose_name="수집함")),
                (
                    "shows",
                    models.CharField(
                        choices=[
                            ("title", "제목과 링크만"),
                            ("excerpt", "앞부분과 링크"),
                            ("full", "전문"),
                        ],
                        default="excerpt",
                        max_length=8,
                        verbose_name="보일 내용",
                    ),
                ),
                (
                    "pictures",
                    models.CharField(
                        choices=[
                            ("none", "넣지 않음"),
                            ("link", "링크만"),
                            ("copy", "복사해서 보임"),
                        ],
                        db_default="link",
                        default="link",
                        max_length=4,
                        verbose_name="사진",
                    ),
                ),
                (
                    "when_gone",
                    models.CharField(
                        choices=[
                            ("keep", "글을 그대로 둠"),
                            ("gone", "원문이 삭제됐다고(410) 하면 숨김"),
                            ("missing", "원문이 없어도(404, 410) 숨김"),
                        ],
                        db_default="gone",
                        default="gone",
                        max_length=7,
                        verbose_name="원문이 사라지면",
                    ),
                ),
                (
                    "permission",
                    models.CharField(
                        blank=True,
                        help_text="누가 언제 어떻게 허락했는지. 관리자만 봅니다.",
                        max_length=300,
                        verbose_name="허락",
                    ),
                ),
                (
                    "contact",
                    models.CharField(blank=True, max_length=200, verbose_name="저작권자 연락처"),
                ),
                (
                    "licence",
                    models.CharField(
                        blank=True,
                        help_text="글마다 맨 아래에 보입니다.",
                        max_length=200,
                        verbose_name="저작권 표시",
                    ),
                ),
                (
                    "words_in",
                    models.CharField(
                        blank=True,
                        help_text="쉼표로 나눕니다.",
                        max_length=300,
                        verbose_name="이 단어가 있는 것만",
                    ),
                ),
                (
                    "words_out",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="이 단어가 있으면 뺌"
                    ),
                ),
                (
                    "interval",
                    models.PositiveSmallIntegerField(
                        default=60,
                        validators=[
                            django.core.validators.MinValueValidator(10),
                            django.core.validators.MaxValueValidator(1440),
                        ],
                        verbose_name="수집 간격(분)",
                    ),
                ),
                (
                    "hourly_limit",
                    models.PositiveSmallIntegerField(
                        default=10,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(200),
                        ],
                        verbose_name="한 시간에 올릴 글",
                    ),
                ),
                (
                    "first_posts",
                    models.PositiveSmallIntegerField(
                        default=5,
                        help_text="첫 수집 때 가장 새로운 것부터. 그보다 오래된 글은 올리지 않습니다.",
                        validators=[django.core.validators.MaxValueValidator(50)],
                        verbose_name="처음에 올릴 글",
                    ),
                ),
                ("etag", models.CharField(blank=True, editable=False, max_length=300)),
                ("last_modified", models.CharField(blank=True, editable=False, max_length=100)),
                (
                    "ran_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="마지막 수집"),
                ),
                (
                    "next_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="다음 수집"
                    ),
                ),
                (
                    "claimed_until",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "failures",
                    models.PositiveSmallIntegerField(
                        default=0, editable=False, verbose_name="거듭 실패"
                    ),
                ),
                (
                    "error",
                    models.CharField(
                        blank=True, editable=False, max_length=300, verbose_name="마지막 오류"
                    ),
                ),
                (
                    "taken_down_at",
                    models.DateTimeField(
                        editable=False,
                        help_text="Since then all its posts are hidden, and nothing is collected.",
                        null=True,
                        verbose_name="글을 내린 시각",
                    ),
                ),
                (
                    "board",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="boards.board",
                        verbose_name="게시판",
                    ),
                ),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="boards.category",
                        verbose_name="말머리",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        help_text="'로봇'으로 표시한 회원만 고를 수 있습니다.",
                        limit_choices_to={"is_robot": True},
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="글쓴이",
                    ),
                ),
            ],
            options={
                "verbose_name": "수집할 곳",
                "verbose_name_plural": "수집할 곳",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Trial",
            fields=[
                (
                    "source",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="trial",
                        serialize=False,
                        to="collector.source",
                    ),
                ),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("ended_at", models.DateTimeField(null=True)),
                ("error", models.CharField(blank=True, max_length=300)),
                (
                    "found",
                    models.JSONField(
                        default=list,
                        help_text="Of each article: title, html (cleaned), address, author, published_at, outcome.",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SourceEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("taken_down", "글을 모두 내림"),
                            ("put_back", "글을 다시 보임"),
                            ("gone", "원문이 사라져 글을 숨김"),
                            ("complaint", "신고를 받음"),
                        ],
                        max_length=10,
                        verbose_name="일",
                    ),
                ),
                ("text", models.CharField(blank=True, max_length=300, verbose_name="내용")),
                (
                    "at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="시각"),
                ),
                (
                    "by",
                    models.ForeignKey(
                        help_text="None: the collector, or an anonymous visitor.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="누가",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="collector.source",
                        verbose_name="수집한 곳",
                    ),
                ),
            ],
            options={
                "verbose_name": "기록",
                "verbose_name_plural": "기록",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="SeenEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("guid_key", models.CharField(max_length=64)),
                ("address_key", models.CharField(blank=True, max_length=64)),
                ("address", models.CharField(blank=True, max_length=1000, verbose_name="원문")),
                ("title", models.CharField(max_length=255, verbose_name="제목")),
                (
                    "is_also",
                    models.BooleanField(
                        db_default=False, default=False, verbose_name="다른 곳의 같은 소식"
                    ),
                ),
                (
                    "is_waiting",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        help_text="Its page could not be read yet; the next passes try again for some days.",
                    ),
                ),
                (
                    "content_key",
                    models.CharField(
                        blank=True,
                        db_default="",
                        help_text="Hash of what the source showed when the post was written or last updated.",
                        max_length=64,
                    ),
                ),
                (
                    "page_key",
                    models.CharField(
                        blank=True,
                        db_default="",
                        help_text="Hash of its own page at that time; empty if the post does not follow the page.",
                        max_length=64,
                    ),
                ),
                (
                    "shown",
                    models.JSONField(
                        help_text="What the source says beyond the page: collector.reading.entries.packed.",
                        null=True,
                    ),
                ),
                (
                    "fingerprint",
                    models.BigIntegerField(
                        help_text="collector.reading.fingerprints.fingerprint; None if the text is too short.",
                        null=True,
                    ),
                ),
                (
                    "sketch",
                    models.BinaryField(
                        help_text="collector.reading.fingerprints.sketch of the same text.",
                        max_length=258,
                        null=True,
                    ),
                ),
                (
                    "hidden",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "아니요"),
                            ("gone", "원문이 사라짐"),
                            ("taken_down", "모두 내림"),
                        ],
                        db_default="",
                        default="",
                        max_length=10,
                        verbose_name="숨김",
                    ),
                ),
                (
                    "seen_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="본 시각"),
                ),
                (
                    "checked_at",
                    models.DateTimeField(
                        help_text="When its own page was last requested, to see whether it still exists.",
                        null=True,
                    ),
                ),
                (
                    "misses",
                    models.PositiveSmallIntegerField(
                        db_default=0,
                        default=0,
                        help_text="How often in a row the page was missing.",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="boards.post",
                        verbose_name="글",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="entries",
                        to="collector.source",
                        verbose_name="수집한 곳",
                    ),
                ),
            ],
            options={
                "verbose_name": "수집한 글",
                "verbose_name_plural": "수집한 글",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["source", "seen_at"], name="collector_seen"),
                    models.Index(
                        condition=models.Q(("fingerprint__isnull", False)),
                        fields=["seen_at"],
                        name="collector_fingerprints",
                    ),
                    models.Index(
                        condition=models.Q(("hidden", "taken_down")),
                        fields=["source"],
                        name="collector_taken_down",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("source", "guid_key"), name="collector_source_guid"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("address_key", ""), _negated=True),
                        fields=("address_key",),
                        name="collector_address",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Complaint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="이름")),
                (
                    "email",
                    models.EmailField(max_length=254, verbose_name="답장을 받을 E-mail 주소"),
                ),
                ("text", models.TextField(max_length=3000, verbose_name="무엇을 왜 내려야 하는지")),
                (
                    "made_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="받은 시각"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("open", "처리 전"),
                            ("taken_down", "내림"),
                            ("dismissed", "내리지 않음"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="처리",
                    ),
                ),
                ("handled_at", models.DateTimeField(null=True, verbose_name="처리한 시각")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="메모")),
                (
                    "handled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="처리한 사람",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="boards.post",
                        verbose_name="글",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="complaints",
                        to="collector.source",
                        verbose_name="수집한 곳",
                    ),
                ),
            ],
            options={
                "verbose_name": "저작권 신고",
                "verbose_name_plural": "저작권 신고",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("outcome", "open")),
                        fields=["made_at"],
                        name="collector_open_complaints",
                    )
                ],
            },
        ),
    ]
