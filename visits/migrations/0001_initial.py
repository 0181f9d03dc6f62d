import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="DayCount",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False, verbose_name="날짜")),
                ("visitors", models.PositiveIntegerField(default=0, verbose_name="접속자")),
                (
                    "imported",
                    models.PositiveIntegerField(
                        db_default=0,
                        default=0,
                        help_text="이전 사이트가 센 그대로입니다. 로봇이 섞여 있을 수 있습니다.",
                        verbose_name="이전 사이트의 접속자",
                    ),
                ),
                (
                    "suspicious",
                    models.PositiveIntegerField(
                        db_default=0, default=0, verbose_name="의심스러운 접속"
                    ),
                ),
                (
                    "returning",
                    models.PositiveIntegerField(
                        db_default=0,
                        default=0,
                        help_text="그날 안에 30분 넘게 쉬었다가 다시 온 사람",
                        verbose_name="다시 온 접속자",
                    ),
                ),
                (
                    "page_views",
                    models.PositiveIntegerField(db_default=0, default=0, verbose_name="페이지뷰"),
                ),
                (
                    "rules",
                    models.PositiveSmallIntegerField(
                        db_default=0, default=0, verbose_name="판정 규칙의 버전"
                    ),
                ),
                (
                    "settled_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="집계한 시각"),
                ),
                ("is_closed", models.BooleanField(db_default=False, default=False, editable=False)),
            ],
            options={
                "verbose_name": "접속자집계",
                "verbose_name_plural": "접속자집계",
                "ordering": ["-day"],
            },
        ),
        migrations.CreateModel(
            name="DaySum",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "day",
                        "topic",
                        "name",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("day", models.DateField()),
                (
                    "topic",
                    models.CharField(
                        choices=[
                            ("site", "도메인"),
                            ("engine", "검색엔진"),
                            ("words", "검색어"),
                            ("landing", "처음 본 페이지"),
                            ("browser", "브라우저"),
                            ("system", "운영체제"),
                            ("device", "접속기기"),
                        ],
                        max_length=10,
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("visitors", models.PositiveIntegerField(default=0)),
                ("page_views", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="HourCount",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "day", "hour", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("day", models.DateField()),
                ("hour", models.PositiveSmallIntegerField()),
                ("visitors", models.PositiveIntegerField(default=0)),
                ("new", models.PositiveIntegerField(default=0)),
                ("suspicious", models.PositiveIntegerField(default=0)),
                ("page_views", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Presence",
            fields=[
                ("key", models.BigIntegerField(primary_key=True, serialize=False)),
                ("seen_at", models.DateTimeField(db_index=True)),
                ("member", models.BigIntegerField(null=True)),
                ("robot", models.CharField(blank=True, max_length=60)),
                ("path", models.CharField(max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="RobotCount",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "day",
                        "hour",
                        "name",
                        "standing",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("day", models.DateField()),
                ("hour", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=60)),
                (
                    "standing",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "확인할 수 없음"),
                            ("verified", "확인됨"),
                            ("false", "이름을 속임"),
                        ],
                        default="",
                        max_length=8,
                    ),
                ),
                ("requests", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="VisitSettings",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "keep_days",
                    models.PositiveSmallIntegerField(
                        default=30,
                        help_text="주소 없는 접속자 기록입니다. 날짜별 합계는 지우지 않습니다.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(366),
                        ],
                        verbose_name="접속자 기록을 두는 날수",
                    ),
                ),
                (
                    "present_minutes",
                    models.PositiveSmallIntegerField(
                        default=10,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(60),
                        ],
                        verbose_name="현재접속자로 보는 시간(분)",
                    ),
                ),
                (
                    "shows_present",
                    models.BooleanField(
                        default=True,
                        help_text="끄면 관리자만 봅니다.",
                        verbose_name="현재접속자를 누구에게나 보임",
                    ),
                ),
                (
                    "imported_name",
                    models.CharField(
                        default="이전 사이트",
                        help_text="가져온 접속자 수 곁에 적습니다.",
                        max_length=40,
                        verbose_name="이전 사이트의 이름",
                    ),
                ),
            ],
            options={
                "verbose_name": "접속자 설정",
                "verbose_name_plural": "접속자 설정",
            },
        ),
        migrations.CreateModel(
            name="DayVisitor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(verbose_name="날짜")),
                ("key", models.BigIntegerField(editable=False, null=True)),
                ("first_at", models.DateTimeField(verbose_name="처음 온 시각")),
                ("last_at", models.DateTimeField(verbose_name="마지막으로 본 시각")),
                ("visits", models.PositiveIntegerField(default=1, verbose_name="방문")),
                ("page_views", models.PositiveIntegerField(default=0, verbose_name="페이지뷰")),
                (
                    "busiest",
                    models.PositiveIntegerField(default=0, verbose_name="1분에 가장 많은 페이지뷰"),
                ),
                (
                    "hasty",
                    models.PositiveIntegerField(
                        default=0, verbose_name="0.5초 안에 다음으로 넘긴 페이지"
                    ),
                ),
                ("leaf_offered", models.BooleanField(default=False)),
                ("leaf_fetched", models.BooleanField(default=False, verbose_name="그림을 받음")),
                ("is_member", models.BooleanField(default=False, verbose_name="회원")),
                (
                    "verdict",
                    models.CharField(
                        choices=[("person", "사람"), ("suspicious", "의심")],
                        default="person",
                        max_length=10,
                        verbose_name="판정",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("pace", "1분에 100페이지 넘게 봄"),
                            ("speed", "읽을 수 없을 만큼 빨리 넘김"),
                            ("picture", "그림을 받지 않음"),
                        ],
                        max_length=20,
                        verbose_name="이유",
                    ),
                ),
                ("browser", models.CharField(blank=True, max_length=40, verbose_name="브라우저")),
                ("system", models.CharField(blank=True, max_length=40, verbose_name="운영체제")),
                ("device", models.CharField(blank=True, max_length=40, verbose_name="접속기기")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("direct", "직접"),
                            ("search", "검색엔진"),
                            ("site", "다른 사이트"),
                        ],
                        default="direct",
                        max_length=10,
                        verbose_name="접속경로",
                    ),
                ),
                ("site", models.CharField(blank=True, max_length=100, verbose_name="도메인")),
                ("engine", models.CharField(blank=True, max_length=20, verbose_name="검색엔진")),
                ("words", models.CharField(blank=True, max_length=100, verbose_name="검색어")),
                (
                    "landing",
                    models.CharField(blank=True, max_length=200, verbose_name="처음 본 페이지"),
                ),
            ],
            options={
                "verbose_name": "접속자",
                "verbose_name_plural": "접속자",
                "ordering": ["-day", "-first_at"],
                "indexes": [models.Index(fields=["day", "first_at"], name="visits_day_first")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("key__isnull", False)),
                        fields=("day", "key"),
                        name="visits_day_key",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="VisitorHour",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "visitor",
                        "hour",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("hour", models.PositiveSmallIntegerField()),
                ("page_views", models.PositiveIntegerField(default=0)),
                (
                    "visitor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="hours",
                        to="visits.dayvisitor",
                    ),
                ),
            ],
        ),
    ]
