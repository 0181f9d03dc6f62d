import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import boards.models.boards
from boards import search


def create_search_tables(apps, schema_editor):
    """Not models: a virtual table in SQLite, a side table in PostgreSQL."""
    search.create_tables(schema_editor)


def drop_search_tables(apps, schema_editor):
    search.drop_tables(schema_editor)


def leave_room(apps, schema_editor):
    """On PostgreSQL a view counted beside its old row touches no index; that needs free space."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE boards_post SET (fillfactor = 90)")
        schema_editor.execute("ALTER TABLE boards_postbucket SET (fillfactor = 50)")


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BlockedSearchWord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "word",
                    models.CharField(
                        error_messages={"unique": "이미 막은 말입니다."},
                        help_text="이 말이 든 검색어는 모두 숨깁니다. 띄어쓰기와 대소문자는 가리지 않습니다.",
                        max_length=50,
                        unique=True,
                        verbose_name="막을 말",
                    ),
                ),
                (
                    "added_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="막은 시각"
                    ),
                ),
            ],
            options={
                "verbose_name": "막은 인기검색어",
                "verbose_name_plural": "막은 인기검색어",
                "ordering": ["word"],
            },
        ),
        migrations.CreateModel(
            name="Board",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "slug",
                    models.CharField(
                        max_length=20,
                        unique=True,
                        validators=[boards.models.boards.validate_slug],
                        verbose_name="주소",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="이름")),
                ("description", models.CharField(blank=True, max_length=200, verbose_name="설명")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="순서")),
                ("skin", models.CharField(default="list", max_length=20, verbose_name="모양")),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("everybody", "누구나"),
                            ("certified", "본인 확인을 한 회원"),
                            ("adult", "성인 확인을 한 회원"),
                        ],
                        default="everybody",
                        max_length=10,
                        verbose_name="볼 수 있는 사람",
                    ),
                ),
                (
                    "list_level",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(10),
                        ],
                        verbose_name="목록 보기 레벨",
                    ),
                ),
                (
                    "read_level",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(10),
                        ],
                        verbose_name="글 읽기 레벨",
                    ),
                ),
                (
                    "write_level",
                    models.PositiveSmallIntegerField(
                        default=2,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(10),
                        ],
                        verbose_name="글 쓰기 레벨",
                    ),
                ),
                (
                    "reply_level",
                    models.PositiveSmallIntegerField(
                        default=2,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(10),
                        ],
                        verbose_name="답변글 쓰기 레벨",
                    ),
                ),
                (
                    "comment_level",
                    models.PositiveSmallIntegerField(
                        default=2,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(10),
                        ],
                        verbose_name="댓글 쓰기 레벨",
                    ),
                ),
                (
                    "upload_level",
                    models.PositiveSmallIntegerField(
                        default=2,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(10),
                        ],
                        verbose_name="파일 올리기 레벨",
                    ),
                ),
                (
                    "download_level",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(10),
                        ],
                        verbose_name="파일 내려받기 레벨",
                    ),
                ),
                (
                    "link_level",
                    models.PositiveSmallIntegerField(
                        default=2,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(10),
                        ],
                        verbose_name="링크 쓰기 레벨",
                    ),
                ),
                (
                    "html_level",
                    models.PositiveSmallIntegerField(
                        default=2,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(10),
                        ],
                        verbose_name="편집기(HTML) 쓰기 레벨",
                    ),
                ),
                (
                    "category_required",
                    models.BooleanField(default=False, verbose_name="말머리 필수"),
                ),
                (
                    "secret_posts",
                    models.CharField(
                        choices=[
                            ("no", "사용하지 않음"),
                            ("optional", "글쓴이가 선택"),
                            ("always", "모든 글"),
                        ],
                        default="no",
                        max_length=10,
                        verbose_name="비밀글",
                    ),
                ),
                (
                    "shows_signature",
                    models.BooleanField(
                        db_default=False, default=False, verbose_name="글 아래에 서명 보이기"
                    ),
                ),
                (
                    "feed_text",
                    models.CharField(
                        choices=[
                            ("full", "전문"),
                            ("excerpt", "앞부분"),
                            ("title", "제목만"),
                            ("off", "피드에 내지 않음"),
                        ],
                        db_default="excerpt",
                        default="excerpt",
                        help_text="RSS, Atom, JSON 피드에 담는 만큼입니다. 손님이 읽을 수 없는 게시판과 비밀글은 나가지 않습니다.",
                        max_length=7,
                        verbose_name="피드에 보일 내용",
                    ),
                ),
                (
                    "secret_comments",
                    models.BooleanField(default=True, verbose_name="비밀댓글 허용"),
                ),
                ("use_likes", models.BooleanField(default=True, verbose_name="추천 사용")),
                ("use_dislikes", models.BooleanField(default=False, verbose_name="비추천 사용")),
                (
                    "use_comment_likes",
                    models.BooleanField(default=True, verbose_name="댓글 추천 사용"),
                ),
                (
                    "likes_to_be_best",
                    models.PositiveSmallIntegerField(
                        default=5,
                        help_text="추천이 이만큼 모인 댓글 가운데 셋까지 위에 한 번 더 보입니다. 0은 쓰지 않음.",
                        verbose_name="베스트 댓글 추천 수",
                    ),
                ),
                (
                    "upload_count",
                    models.PositiveSmallIntegerField(
                        default=5,
                        validators=[django.core.validators.MaxValueValidator(50)],
                        verbose_name="첨부파일 수",
                    ),
                ),
                (
                    "upload_megabytes",
                    models.PositiveSmallIntegerField(
                        default=10,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            boards.models.boards.validate_upload_size,
                        ],
                        verbose_name="파일 하나의 최대 크기(MB)",
                    ),
                ),
                (
                    "keeps_originals",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        help_text="올린 사진(JPEG, PNG, WebP)의 원본을 위치 등 촬영 정보를 뺀 채 함께 보관하고, 파일을 내려받을 수 있는 사람이 글 아래에서 받습니다. 저장 공간이 사진 한 장에 0.3 MB쯤에서 원본 크기만큼(휴대전화 사진은 3~10 MB) 더 듭니다. 켠 뒤에 올린 사진부터 보관하며, 끄면 내려받기만 멈춥니다.",
                        verbose_name="원본 사진 보관과 내려받기",
                    ),
                ),
                (
                    "use_file_descriptions",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        help_text="첨부한 사진과 파일마다 설명을 적을 수 있습니다. 아래에 보이고, 사진의 대체 텍스트가 됩니다.",
                        verbose_name="파일 설명 사용",
                    ),
                ),
                (
                    "reports_to_hide",
                    models.PositiveSmallIntegerField(
                        default=5,
                        help_text="서로 다른 회원의 신고가 이만큼 모이면 관리자가 볼 때까지 숨깁니다. 0은 쓰지 않음.",
                        verbose_name="숨김 신고 수",
                    ),
                ),
                (
                    "new_hours",
                    models.PositiveSmallIntegerField(
                        default=24, help_text="0은 쓰지 않음.", verbose_name="새글 표시 시간"
                    ),
                ),
                (
                    "hot_views",
                    models.PositiveIntegerField(
                        default=100, help_text="0은 쓰지 않음.", verbose_name="인기글 표시 조회 수"
                    ),
                ),
                (
                    "default_order",
                    models.CharField(
                        blank=True,
                        choices=[("", "날짜"), ("views", "조회"), ("likes", "추천")],
                        db_default="",
                        default="",
                        help_text="읽는 사람은 목록에서 다르게 고를 수 있습니다.",
                        max_length=5,
                        verbose_name="목록의 기본 정렬",
                    ),
                ),
                (
                    "page_size",
                    models.PositiveSmallIntegerField(
                        db_default=0,
                        default=0,
                        help_text="5에서 100까지. 0은 사이트 설정을 따릅니다.",
                        validators=[boards.models.boards.validate_page_size],
                        verbose_name="한 페이지의 글 수",
                    ),
                ),
                ("use_tags", models.BooleanField(default=True, verbose_name="태그 사용")),
                (
                    "upload_types",
                    models.CharField(
                        blank=True,
                        help_text="확장자를 쉼표로 나누어 적습니다. 예: jpg, png, pdf. 비워 두면 안전한 것은 모두 받습니다.",
                        max_length=200,
                        verbose_name="올릴 수 있는 파일",
                    ),
                ),
                (
                    "comments_to_lock_edit",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="다른 사람의 댓글이 이만큼 달리면 글쓴이가 고칠 수 없습니다. 0은 막지 않음.",
                        verbose_name="수정을 막는 댓글 수",
                    ),
                ),
                (
                    "comments_to_lock_delete",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="다른 사람의 댓글이 이만큼 달리면 글쓴이가 지울 수 없습니다. 0은 막지 않음.",
                        verbose_name="삭제를 막는 댓글 수",
                    ),
                ),
                (
                    "post_min_length",
                    models.PositiveIntegerField(
                        db_default=0,
                        default=0,
                        help_text="0은 제한 없음.",
                        validators=[django.core.validators.MaxValueValidator(100000)],
                        verbose_name="글의 최소 글자 수",
                    ),
                ),
                (
                    "post_max_length",
                    models.PositiveIntegerField(
                        db_default=0,
                        default=0,
                        help_text="0은 제한 없음.",
                        validators=[django.core.validators.MaxValueValidator(100000)],
                        verbose_name="글의 최대 글자 수",
                    ),
                ),
                (
                    "comment_min_length",
                    models.PositiveIntegerField(
                        db_default=0,
                        default=0,
                        help_text="0은 제한 없음.",
                        validators=[django.core.validators.MaxValueValidator(100000)],
                        verbose_name="댓글의 최소 글자 수",
                    ),
                ),
                (
                    "comment_max_length",
                    models.PositiveIntegerField(
                        db_default=0,
                        default=0,
                        help_text="0은 제한 없음.",
                        validators=[django.core.validators.MaxValueValidator(100000)],
                        verbose_name="댓글의 최대 글자 수",
                    ),
                ),
                (
                    "captcha_for_members",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        help_text="회원도 새 글, 답변글, 댓글을 쓸 때 손님처럼 확인을 거칩니다. 고칠 때는 묻지 않습니다.",
                        verbose_name="회원도 자동등록방지",
                    ),
                ),
                (
                    "pause_seconds",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="한 사람이 글이나 댓글을 쓴 뒤 다음 것을 쓸 때까지. 0은 쓰지 않음.",
                        verbose_name="글쓰기 간격(초)",
                    ),
                ),
                (
                    "new_member_days",
                    models.PositiveSmallIntegerField(
                        default=3, help_text="0은 쓰지 않음.", verbose_name="새 회원으로 보는 날수"
                    ),
                ),
                (
                    "new_member_posts",
                    models.PositiveSmallIntegerField(
                        default=10, help_text="0은 제한 없음.", verbose_name="새 회원의 하루 글 수"
                    ),
                ),
                (
                    "new_member_links",
                    models.PositiveSmallIntegerField(
                        default=5,
                        help_text="0은 제한 없음.",
                        verbose_name="새 회원의 글 하나에 링크 수",
                    ),
                ),
                (
                    "write_points",
                    models.SmallIntegerField(
                        default=0,
                        help_text="마이너스는 포인트가 듭니다.",
                        verbose_name="글쓰기 포인트",
                    ),
                ),
                (
                    "comment_points",
                    models.SmallIntegerField(
                        default=0,
                        help_text="마이너스는 포인트가 듭니다.",
                        verbose_name="댓글쓰기 포인트",
                    ),
                ),
                (
                    "liked_points",
                    models.SmallIntegerField(
                        default=0,
                        help_text="마이너스는 포인트가 듭니다.",
                        verbose_name="추천받음 포인트",
                    ),
                ),
                (
                    "read_points",
                    models.SmallIntegerField(
                        default=0,
                        help_text="마이너스는 포인트가 듭니다.",
                        verbose_name="글읽기 포인트",
                    ),
                ),
                (
                    "download_points",
                    models.SmallIntegerField(
                        default=0,
                        help_text="마이너스는 포인트가 듭니다.",
                        verbose_name="내려받기 포인트",
                    ),
                ),
                ("post_count", models.PositiveIntegerField(default=0, editable=False)),
                ("comment_count", models.PositiveIntegerField(default=0, editable=False)),
                ("last_number", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "moderators",
                    models.ManyToManyField(
                        blank=True,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="게시판 관리자",
                    ),
                ),
            ],
            options={
                "verbose_name": "게시판",
                "verbose_name_plural": "게시판",
                "ordering": ["group__position", "position", "id"],
            },
        ),
        migrations.CreateModel(
            name="LongRun",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("part", models.CharField(default="", max_length=20)),
                ("place", models.BigIntegerField(help_text="The id that the last step ended at.")),
                ("at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "verbose_name": "LongRun",
                "verbose_name_plural": "LongRun",
            },
        ),
        migrations.CreateModel(
            name="Post",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="번호")),
                ("author_name", models.CharField(max_length=40, verbose_name="쓸 때의 이름")),
                ("subject", models.CharField(max_length=200, verbose_name="제목")),
                ("thread", models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                (
                    "path",
                    models.CharField(
                        blank=True, db_default="", default="", editable=False, max_length=60
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("published", "공개"), ("hidden", "숨김"), ("deleted", "삭제됨")],
                        default="published",
                        max_length=10,
                        verbose_name="상태",
                    ),
                ),
                ("is_notice", models.BooleanField(default=False, verbose_name="공지")),
                (
                    "is_site_notice",
                    models.BooleanField(db_default=False, default=False, verbose_name="전체 공지"),
                ),
                (
                    "list_state",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Case(
                            models.When(models.Q(("state", "published"), _negated=True), then=0),
                            models.When(is_notice=False, then=1),
                            models.When(is_site_notice=True, then=3),
                            default=2,
                        ),
                        output_field=models.SmallIntegerField(),
                    ),
                ),
                ("is_secret", models.BooleanField(default=False, verbose_name="비밀글")),
                (
                    "is_closed",
                    models.BooleanField(db_default=False, default=False, verbose_name="댓글 잠금"),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="작성일"),
                ),
                ("edited_at", models.DateTimeField(blank=True, null=True, verbose_name="수정일")),
                (
                    "deleted_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="지운 시각"),
                ),
                (
                    "view_count",
                    models.PositiveIntegerField(db_default=0, default=0, verbose_name="조회"),
                ),
                (
                    "view_rank",
                    models.PositiveIntegerField(
                        db_default=0,
                        default=0,
                        editable=False,
                        help_text="A copy of view_count at most 5 % behind: the only one that an index holds.",
                    ),
                ),
                (
                    "comment_count",
                    models.PositiveIntegerField(db_default=0, default=0, verbose_name="댓글"),
                ),
                (
                    "like_count",
                    models.PositiveIntegerField(db_default=0, default=0, verbose_name="추천"),
                ),
                (
                    "dislike_count",
                    models.PositiveIntegerField(db_default=0, default=0, verbose_name="비추천"),
                ),
                ("picture_count", models.PositiveSmallIntegerField(db_default=0, default=0)),
                ("file_count", models.PositiveSmallIntegerField(db_default=0, default=0)),
                ("link_count", models.PositiveSmallIntegerField(db_default=0, default=0)),
                (
                    "author",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="posts",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="글쓴이",
                    ),
                ),
            ],
            options={
                "verbose_name": "글",
                "verbose_name_plural": "글",
            },
        ),
        migrations.CreateModel(
            name="SearchSettings",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "popular_words",
                    models.PositiveSmallIntegerField(
                        default=10,
                        help_text="0이면 보이지 않습니다.",
                        validators=[django.core.validators.MaxValueValidator(20)],
                        verbose_name="보일 인기검색어의 수",
                    ),
                ),
            ],
            options={
                "verbose_name": "검색 설정",
                "verbose_name_plural": "검색 설정",
            },
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "day", "word", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("day", models.DateField(verbose_name="날짜")),
                ("word", models.CharField(max_length=50, verbose_name="검색어")),
                ("visitors", models.PositiveIntegerField(default=0, verbose_name="찾은 사람")),
            ],
            options={
                "verbose_name": "인기검색어",
                "verbose_name_plural": "인기검색어",
            },
        ),
        migrations.CreateModel(
            name="Tag",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=30, unique=True, verbose_name="이름")),
            ],
            options={
                "verbose_name": "태그",
                "verbose_name_plural": "태그",
            },
        ),
        migrations.CreateModel(
            name="Attachment",
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
                            ("picture", "사진"),
                            ("video", "동영상"),
                            ("audio", "소리"),
                            ("file", "파일"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "is_inline",
                    models.BooleanField(
                        default=False, help_text="shown inside the body, not above it"
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="파일 이름")),
                (
                    "description",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        max_length=200,
                        verbose_name="파일 설명",
                    ),
                ),
                ("size", models.PositiveBigIntegerField(verbose_name="크기")),
                ("file", models.FileField(upload_to="")),
                ("thumb", models.FileField(blank=True, upload_to="")),
                (
                    "original",
                    models.FileField(
                        blank=True,
                        db_default="",
                        default="",
                        editable=False,
                        upload_to="",
                        verbose_name="원본",
                    ),
                ),
                (
                    "original_size",
                    models.PositiveBigIntegerField(db_default=0, default=0, editable=False),
                ),
                ("width", models.PositiveIntegerField(null=True)),
                ("height", models.PositiveIntegerField(null=True)),
                (
                    "download_count",
                    models.PositiveIntegerField(default=0, verbose_name="내려받은 수"),
                ),
                (
                    "created_at",
                    models.DateTimeField(db_index=True, default=django.utils.timezone.now),
                ),
                (
                    "uploader",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "첨부파일",
                "verbose_name_plural": "첨부파일",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="BoardTexts",
            fields=[
                (
                    "board",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="texts",
                        serialize=False,
                        to="boards.board",
                    ),
                ),
                (
                    "header",
                    models.TextField(
                        blank=True,
                        help_text="게시판의 목록과 글 위에 보입니다.",
                        verbose_name="목록 위 글",
                    ),
                ),
                (
                    "footer",
                    models.TextField(
                        blank=True,
                        help_text="게시판의 목록과 글 아래에 보입니다.",
                        verbose_name="목록 아래 글",
                    ),
                ),
                (
                    "template",
                    models.TextField(
                        blank=True,
                        help_text="새 글을 쓸 때 본문에 미리 들어 있습니다.",
                        verbose_name="글쓰기 양식",
                    ),
                ),
                (
                    "blocked_words",
                    models.TextField(
                        blank=True,
                        help_text="한 줄에 하나. 이 말이 든 글과 댓글은 받지 않습니다.",
                        verbose_name="금지어",
                    ),
                ),
                (
                    "guest_blocked_words",
                    models.TextField(
                        blank=True,
                        help_text="한 줄에 하나. 손님에게만 추가로 적용합니다.",
                        verbose_name="손님 금지어",
                    ),
                ),
            ],
            options={
                "verbose_name": "게시판의 글",
                "verbose_name_plural": "게시판의 글",
            },
        ),
        migrations.CreateModel(
            name="HubPing",
            fields=[
                (
                    "board",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="hub_ping",
                        serialize=False,
                        to="boards.board",
                    ),
                ),
                (
                    "number",
                    models.PositiveIntegerField(
                        help_text="The board's last_number when the hub was last told of its feeds."
                    ),
                ),
            ],
            options={
                "verbose_name": "WebSub",
                "verbose_name_plural": "WebSub",
            },
        ),
        migrations.CreateModel(
            name="BoardGroup",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "slug",
                    models.CharField(
                        max_length=20,
                        unique=True,
                        validators=[boards.models.boards.validate_slug],
                        verbose_name="주소",
                    ),
                ),
                ("name", models.CharField(max_length=40, verbose_name="이름")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="순서")),
                (
                    "is_private",
                    models.BooleanField(
                        default=False,
                        help_text="아래 회원과 관리자만 이 그룹의 게시판을 볼 수 있습니다.",
                        verbose_name="비공개 그룹",
                    ),
                ),
                (
                    "members",
                    models.ManyToManyField(
                        blank=True,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="그룹 회원",
                    ),
                ),
                (
                    "moderators",
                    models.ManyToManyField(
                        blank=True,
                        help_text="이 그룹의 모든 게시판을 관리합니다.",
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="그룹 관리자",
                    ),
                ),
            ],
            options={
                "verbose_name": "게시판 그룹",
                "verbose_name_plural": "게시판 그룹",
                "ordering": ["position", "id"],
            },
        ),
        migrations.AddField(
            model_name="board",
            name="group",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="boards",
                to="boards.boardgroup",
                verbose_name="그룹",
            ),
        ),
        migrations.CreateModel(
            name="Category",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=20, verbose_name="이름")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="순서")),
                (
                    "board",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="categories",
                        to="boards.board",
                    ),
                ),
            ],
            options={
                "verbose_name": "말머리",
                "verbose_name_plural": "말머리",
                "ordering": ["position", "id"],
            },
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("path", models.CharField(default="", editable=False, max_length=30)),
                ("depth", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("author_name", models.CharField(max_length=40, verbose_name="쓸 때의 이름")),
                ("text", models.TextField(verbose_name="내용")),
                ("html", models.TextField(editable=False)),
                (
                    "state",
                    models.CharField(
                        choices=[("published", "공개"), ("hidden", "숨김"), ("deleted", "삭제됨")],
                        default="published",
                        max_length=10,
                        verbose_name="상태",
                    ),
                ),
                (
                    "is_secret",
                    models.BooleanField(db_default=False, default=False, verbose_name="비밀댓글"),
                ),
                (
                    "like_count",
                    models.PositiveIntegerField(db_default=0, default=0, verbose_name="추천"),
                ),
                (
                    "dislike_count",
                    models.PositiveIntegerField(db_default=0, default=0, verbose_name="비추천"),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="작성일"),
                ),
                ("edited_at", models.DateTimeField(blank=True, null=True, verbose_name="수정일")),
                (
                    "author",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="comments",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="글쓴이",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to="boards.comment",
                    ),
                ),
            ],
            options={
                "verbose_name": "댓글",
                "verbose_name_plural": "댓글",
            },
        ),
        migrations.CreateModel(
            name="CommentVote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "value",
                    models.SmallIntegerField(choices=[(1, "추천"), (-1, "비추천")], default=1),
                ),
                (
                    "comment",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="votes",
                        to="boards.comment",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ExtraField",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=20, verbose_name="이름")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("line", "한 줄"),
                            ("text", "여러 줄"),
                            ("number", "숫자"),
                            ("date", "날짜"),
                            ("link", "링크"),
                            ("choice", "고르기"),
                        ],
                        default="line",
                        max_length=10,
                        verbose_name="종류",
                    ),
                ),
                (
                    "choices",
                    models.CharField(
                        blank=True,
                        help_text="'고르기'일 때 쉼표로 나누어 적습니다.",
                        max_length=300,
                        verbose_name="고를 것",
                    ),
                ),
                ("is_required", models.BooleanField(default=False, verbose_name="필수")),
                ("is_listed", models.BooleanField(default=False, verbose_name="목록에 보임")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="순서")),
                (
                    "board",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="extra_fields",
                        to="boards.board",
                    ),
                ),
            ],
            options={
                "verbose_name": "여분 필드",
                "verbose_name_plural": "여분 필드",
                "ordering": ["position", "id"],
            },
        ),
        migrations.CreateModel(
            name="FileDownload",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "file_id",
                        "member_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="boards.attachment",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PostBody",
            fields=[
                (
                    "post",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="body",
                        serialize=False,
                        to="boards.post",
                    ),
                ),
                (
                    "format",
                    models.CharField(
                        choices=[("html", "HTML"), ("text", "일반 글")],
                        default="html",
                        max_length=4,
                    ),
                ),
                ("source", models.TextField(verbose_name="원문")),
                (
                    "origin",
                    models.URLField(
                        blank=True,
                        db_default="",
                        editable=False,
                        help_text="Where the text stood first: the page names it as the canonical one.",
                        max_length=1000,
                    ),
                ),
                ("html", models.TextField(editable=False)),
                ("cleaner_version", models.PositiveSmallIntegerField(editable=False)),
            ],
            options={
                "verbose_name": "본문",
                "verbose_name_plural": "본문",
            },
        ),
        migrations.AddField(
            model_name="post",
            name="board",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="posts",
                to="boards.board",
                verbose_name="게시판",
            ),
        ),
        migrations.AddField(
            model_name="post",
            name="category",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="boards.category",
                verbose_name="말머리",
            ),
        ),
        migrations.AddField(
            model_name="post",
            name="cover",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="boards.attachment",
            ),
        ),
        migrations.AddField(
            model_name="post",
            name="thread_author",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                help_text="Of an answer: who opened the thread, and so reads it though it is secret.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.CreateModel(
            name="OldAddress",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                (
                    "board",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="boards.board",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="old_addresses",
                        to="boards.post",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ModerationEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "deed",
                    models.CharField(
                        choices=[
                            ("hide", "숨김"),
                            ("restore", "되살림"),
                            ("delete", "삭제"),
                            ("move", "옮김"),
                            ("copy", "복사함"),
                            ("category", "말머리 바꿈"),
                            ("notice", "공지로 올림"),
                            ("unnotice", "공지 내림"),
                            ("pin", "전체 공지로 올림"),
                            ("unpin", "전체 공지 내림"),
                            ("close", "댓글 잠금"),
                            ("open", "댓글 잠금 풂"),
                            ("uphold", "신고에 조치"),
                            ("dismiss", "신고에 문제 없음"),
                        ],
                        max_length=10,
                        verbose_name="한 일",
                    ),
                ),
                ("about", models.CharField(max_length=200, verbose_name="대상")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="사유")),
                (
                    "at",
                    models.DateTimeField(
                        db_index=True, default=django.utils.timezone.now, verbose_name="시각"
                    ),
                ),
                (
                    "comment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="boards.comment",
                        verbose_name="댓글",
                    ),
                ),
                (
                    "moderator",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="한 사람",
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
            ],
            options={
                "verbose_name": "관리 기록",
                "verbose_name_plural": "관리 기록",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="GuestPassword",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128)),
                (
                    "comment",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="guest_password",
                        to="boards.comment",
                    ),
                ),
                (
                    "post",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="guest_password",
                        to="boards.post",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ExtraValue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("value", models.TextField()),
                (
                    "field",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="boards.extrafield",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="extra_values",
                        to="boards.post",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token", models.UUIDField()),
                ("subject", models.CharField(blank=True, max_length=200, verbose_name="제목")),
                (
                    "format",
                    models.CharField(
                        choices=[("html", "HTML"), ("text", "일반 글")],
                        default="html",
                        max_length=4,
                    ),
                ),
                ("source", models.TextField(blank=True, verbose_name="내용")),
                ("fields", models.JSONField(default=dict)),
                (
                    "saved_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="저장한 시각"
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
                ("files", models.ManyToManyField(related_name="drafts", to="boards.attachment")),
                (
                    "member",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="drafts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="boards.post",
                    ),
                ),
            ],
            options={
                "verbose_name": "임시 저장 글",
                "verbose_name_plural": "임시 저장 글",
            },
        ),
        migrations.AddField(
            model_name="comment",
            name="post",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="comments",
                to="boards.post",
                verbose_name="글",
            ),
        ),
        migrations.AddField(
            model_name="attachment",
            name="post",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="attachments",
                to="boards.post",
            ),
        ),
        migrations.CreateModel(
            name="PostBucket",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("category_id", models.BigIntegerField(default=0)),
                ("bucket", models.IntegerField()),
                ("count", models.IntegerField(default=0)),
                (
                    "board",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="buckets",
                        to="boards.board",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PostLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("url", models.URLField(max_length=1000)),
                (
                    "name",
                    models.CharField(
                        blank=True,
                        db_default="",
                        help_text="Shown instead of the address.",
                        max_length=120,
                    ),
                ),
                (
                    "click_count",
                    models.PositiveIntegerField(db_default=0, default=0, verbose_name="연결"),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links",
                        to="boards.post",
                    ),
                ),
            ],
            options={
                "verbose_name": "관련링크",
                "verbose_name_plural": "관련링크",
            },
        ),
        migrations.CreateModel(
            name="PostRevision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("subject", models.CharField(max_length=200, verbose_name="제목")),
                (
                    "format",
                    models.CharField(choices=[("html", "HTML"), ("text", "일반 글")], max_length=4),
                ),
                ("source", models.TextField(verbose_name="원문")),
                (
                    "at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="수정한 시각"
                    ),
                ),
                (
                    "editor",
                    models.ForeignKey(
                        help_text="who changed this into what came after; null: a guest, or one who has left",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="revisions",
                        to="boards.post",
                    ),
                ),
            ],
            options={
                "verbose_name": "수정 기록",
                "verbose_name_plural": "수정 기록",
            },
        ),
        migrations.CreateModel(
            name="PostView",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "post_id",
                        "day",
                        "visitor",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("day", models.DateField(db_index=True)),
                ("visitor", models.BigIntegerField()),
                (
                    "post",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="boards.post",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PostVote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "value",
                    models.SmallIntegerField(
                        choices=[(1, "추천"), (-1, "비추천")], db_default=1, default=1
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="votes",
                        to="boards.post",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReadMark",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "member_id",
                        "post_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("comment", models.BigIntegerField(default=0)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "member",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="boards.post",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("spam", "광고, 도배"),
                            ("abuse", "욕설, 비방"),
                            ("obscene", "음란물"),
                            ("privacy", "개인정보 노출"),
                            ("copyright", "저작권 침해"),
                            ("other", "기타"),
                        ],
                        max_length=10,
                        verbose_name="사유",
                    ),
                ),
                ("text", models.CharField(blank=True, max_length=300, verbose_name="설명")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "접수"),
                            ("upheld", "조치함"),
                            ("dismissed", "문제 없음"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="상태",
                    ),
                ),
                ("handled_at", models.DateTimeField(null=True)),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="신고한 시각"
                    ),
                ),
                (
                    "is_weighed",
                    models.BooleanField(
                        db_default=True,
                        default=True,
                        help_text="Counts towards Board.reports_to_hide (actions.reports).",
                    ),
                ),
                (
                    "comment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reports",
                        to="boards.comment",
                        verbose_name="댓글",
                    ),
                ),
                (
                    "handled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="신고한 회원",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reports",
                        to="boards.post",
                        verbose_name="글",
                    ),
                ),
            ],
            options={
                "verbose_name": "신고",
                "verbose_name_plural": "신고",
            },
        ),
        migrations.CreateModel(
            name="Scrap",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="메모")),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="스크랩한 시각"
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="scraps",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="boards.post",
                    ),
                ),
            ],
            options={
                "verbose_name": "스크랩",
                "verbose_name_plural": "스크랩",
            },
        ),
        migrations.CreateModel(
            name="Submission",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.UUIDField()),
                ("words", models.UUIDField()),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        db_index=True,
                        default=django.utils.timezone.now,
                    ),
                ),
                (
                    "comment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="boards.comment",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        help_text="null: a guest",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="boards.post",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PostTag",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="post_tags",
                        to="boards.post",
                    ),
                ),
                (
                    "tag",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="boards.tag",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="WordWatch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("word", models.CharField(max_length=30, verbose_name="단어")),
                ("key", models.CharField(db_index=True, max_length=60)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "member",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="word_watches",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "알림 단어",
                "verbose_name_plural": "알림 단어",
            },
        ),
        migrations.CreateModel(
            name="BoardWatch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "board",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="watches",
                        to="boards.board",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="board_watches",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "지켜보는 게시판",
                "verbose_name_plural": "지켜보는 게시판",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("member", "board"), name="board_watch_member_board"
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="category",
            constraint=models.UniqueConstraint(
                fields=("board", "name"),
                name="category_board_name",
                violation_error_message="이 게시판에 이미 있는 말머리입니다.",
            ),
        ),
        migrations.AddConstraint(
            model_name="commentvote",
            constraint=models.UniqueConstraint(
                fields=("comment", "member"), name="comment_vote_comment_member"
            ),
        ),
        migrations.AddConstraint(
            model_name="extrafield",
            constraint=models.UniqueConstraint(
                fields=("board", "name"),
                name="extra_field_board_name",
                violation_error_message="이 게시판에 이미 있는 여분 필드입니다.",
            ),
        ),
        migrations.AddIndex(
            model_name="post",
            index=models.Index(
                models.F("board"),
                models.OrderBy(models.F("thread"), descending=True),
                models.F("path"),
                condition=models.Q(("list_state", 1)),
                name="post_threads",
            ),
        ),
        migrations.AddIndex(
            model_name="post",
            index=models.Index(
                models.F("board"),
                models.F("category"),
                models.OrderBy(models.F("thread"), descending=True),
                models.F("path"),
                condition=models.Q(("list_state", 1)),
                name="post_threads_category",
            ),
        ),
        migrations.AddIndex(
            model_name="post",
            index=models.Index(
                models.F("board"),
                models.OrderBy(models.F("view_rank"), descending=True),
                models.OrderBy(models.F("number"), descending=True),
                condition=models.Q(("list_state", 1)),
                name="post_by_views",
            ),
        ),
        migrations.AddIndex(
            model_name="post",
            index=models.Index(
                models.F("board"),
                models.OrderBy(models.F("like_count"), descending=True),
                models.OrderBy(models.F("number"), descending=True),
                condition=models.Q(("list_state", 1)),
                name="post_by_likes",
            ),
        ),
        migrations.AddIndex(
            model_name="post",
            index=models.Index(
                models.F("board"),
                models.OrderBy(models.F("number"), descending=True),
                condition=models.Q(("list_state__gte", 2)),
                name="post_notices",
            ),
        ),
        migrations.AddIndex(
            model_name="post",
            index=models.Index(
                models.F("id"), condition=models.Q(("list_state", 3)), name="post_site_notices"
            ),
        ),
        migrations.AddIndex(
            model_name="post",
            index=models.Index(
                models.F("board"),
                models.F("thread"),
                condition=models.Q(("path__gt", "")),
                name="post_answers",
            ),
        ),
        migrations.AddIndex(
            model_name="post",
            index=models.Index(
                models.F("author"),
                models.OrderBy(models.F("id"), descending=True),
                models.F("state"),
                name="post_of_author",
            ),
        ),
        migrations.AddIndex(
            model_name="post",
            index=models.Index(models.F("created_at"), name="post_created"),
        ),
        migrations.AddIndex(
            model_name="post",
            index=models.Index(
                models.F("deleted_at"),
                condition=models.Q(("deleted_at__isnull", False)),
                name="post_bin",
            ),
        ),
        migrations.AddIndex(
            model_name="post",
            index=models.Index(
                models.F("board"),
                models.F("state"),
                models.OrderBy(models.F("deleted_at"), descending=True),
                models.OrderBy(models.F("number"), descending=True),
                condition=models.Q(("state", "published"), _negated=True),
                name="post_gone",
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.UniqueConstraint(
                fields=("board", "number"), name="post_board_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="oldaddress",
            constraint=models.UniqueConstraint(
                fields=("board", "number"), name="old_address_board_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="extravalue",
            constraint=models.UniqueConstraint(
                fields=("post", "field"), name="extra_value_post_field"
            ),
        ),
        migrations.AddIndex(
            model_name="draft",
            index=models.Index(
                models.F("member"),
                models.OrderBy(models.F("saved_at"), descending=True),
                name="draft_member",
            ),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.UniqueConstraint(
                fields=("member", "token"), name="draft_member_token"
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(models.F("post"), models.F("path"), name="comment_reading_order"),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                models.F("author"),
                models.OrderBy(models.F("id"), descending=True),
                models.F("state"),
                name="comment_of_author",
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                models.F("created_at"),
                condition=models.Q(("state", "published")),
                name="comment_created",
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                models.F("post"),
                models.OrderBy(models.F("like_count"), descending=True),
                condition=models.Q(("like_count__gt", 0)),
                name="comment_best",
            ),
        ),
        migrations.AddConstraint(
            model_name="postbucket",
            constraint=models.UniqueConstraint(
                fields=("board", "category_id", "bucket"), name="bucket_board_category_bucket"
            ),
        ),
        migrations.AddIndex(
            model_name="postrevision",
            index=models.Index(
                models.F("post"),
                models.OrderBy(models.F("id"), descending=True),
                name="post_revision_newest",
            ),
        ),
        migrations.AddConstraint(
            model_name="postvote",
            constraint=models.UniqueConstraint(
                fields=("post", "member"), name="post_vote_post_member"
            ),
        ),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(
                models.F("state"),
                models.OrderBy(models.F("id"), descending=True),
                name="report_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.UniqueConstraint(
                condition=models.Q(("comment", None)),
                fields=("member", "post"),
                name="report_member_post",
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.UniqueConstraint(
                fields=("member", "comment"), name="report_member_comment"
            ),
        ),
        migrations.AddIndex(
            model_name="scrap",
            index=models.Index(
                models.F("member"),
                models.OrderBy(models.F("id"), descending=True),
                name="scrap_member",
            ),
        ),
        migrations.AddConstraint(
            model_name="scrap",
            constraint=models.UniqueConstraint(fields=("member", "post"), name="scrap_member_post"),
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.UniqueConstraint(
                fields=("member", "key"), name="submission_member_key"
            ),
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.UniqueConstraint(
                condition=models.Q(("member", None)), fields=("key",), name="submission_guest_key"
            ),
        ),
        migrations.AddIndex(
            model_name="posttag",
            index=models.Index(
                models.F("tag"),
                models.OrderBy(models.F("post"), descending=True),
                name="post_tag_newest",
            ),
        ),
        migrations.AddConstraint(
            model_name="posttag",
            constraint=models.UniqueConstraint(fields=("post", "tag"), name="post_tag_post_tag"),
        ),
        migrations.AddConstraint(
            model_name="wordwatch",
            constraint=models.UniqueConstraint(
                fields=("member", "key"), name="word_watch_member_key"
            ),
        ),
        migrations.RunPython(create_search_tables, drop_search_tables),
        migrations.RunPython(leave_room, migrations.RunPython.noop),
    ]
