import django.core.validators
from django.db import migrations, models

import boardsite.models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="ChoreRun",
            fields=[
                (
                    "name",
                    models.CharField(
                        max_length=60, primary_key=True, serialize=False, verbose_name="이름"
                    ),
                ),
                (
                    "ended_at",
                    models.DateTimeField(null=True, verbose_name="마지막으로 잘 끝난 시각"),
                ),
                ("took", models.FloatField(default=0, verbose_name="걸린 시간(초)")),
                (
                    "failed_at",
                    models.DateTimeField(null=True, verbose_name="마지막으로 실패한 시각"),
                ),
                ("error", models.CharField(blank=True, max_length=500, verbose_name="실패한 이유")),
            ],
            options={
                "verbose_name": "정기 작업",
                "verbose_name_plural": "정기 작업",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="DaySalt",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("salt", models.BinaryField(max_length=32)),
            ],
            options={
                "verbose_name": "그날의 소금",
                "verbose_name_plural": "그날의 소금",
            },
        ),
        migrations.CreateModel(
            name="ScopeVersion",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "scope",
                        "xact",
                        "moment",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("scope", models.IntegerField()),
                ("xact", models.BigIntegerField(default=0)),
                ("moment", models.BigIntegerField(default=0)),
                ("number", models.BigIntegerField()),
            ],
            options={
                "verbose_name": "바뀐 횟수",
                "verbose_name_plural": "바뀐 횟수",
            },
        ),
        migrations.CreateModel(
            name="SiteSettings",
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
                        default="우리 게시판", max_length=60, verbose_name="사이트 이름"
                    ),
                ),
                (
                    "description",
                    models.CharField(blank=True, max_length=160, verbose_name="한 줄 소개"),
                ),
                ("company", models.CharField(blank=True, max_length=80, verbose_name="회사명")),
                (
                    "representative",
                    models.CharField(blank=True, max_length=40, verbose_name="대표"),
                ),
                ("address", models.CharField(blank=True, max_length=160, verbose_name="주소")),
                (
                    "business_number",
                    models.CharField(blank=True, max_length=40, verbose_name="사업자 등록번호"),
                ),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="전화")),
                ("fax", models.CharField(blank=True, max_length=40, verbose_name="팩스")),
                (
                    "sales_number",
                    models.CharField(blank=True, max_length=60, verbose_name="통신판매업신고번호"),
                ),
                (
                    "privacy_officer",
                    models.CharField(blank=True, max_length=40, verbose_name="개인정보관리책임자"),
                ),
                (
                    "copyright",
                    models.CharField(
                        blank=True,
                        help_text="비워 두면 'Copyright © 사이트 이름. All rights reserved.'로 표시됩니다.",
                        max_length=120,
                        verbose_name="저작권 표시",
                    ),
                ),
                (
                    "security_contact",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="보안 문제를 찾은 사람이 알릴 E-mail 주소나 https 주소. 적으면 /.well-known/security.txt에 표시됩니다.",
                        max_length=200,
                        validators=[boardsite.models.check_contact],
                        verbose_name="보안 신고를 받을 곳",
                    ),
                ),
                (
                    "page_size",
                    models.PositiveSmallIntegerField(
                        default=20,
                        validators=[
                            django.core.validators.MinValueValidator(5),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="한 페이지의 글 수",
                    ),
                ),
            ],
            options={
                "verbose_name": "사이트 설정",
                "verbose_name_plural": "사이트 설정",
            },
        ),
        migrations.CreateModel(
            name="RateWindow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=80)),
                ("window", models.BigIntegerField()),
                ("count", models.PositiveIntegerField(default=0)),
            ],
            options={
                "verbose_name": "횟수 제한",
                "verbose_name_plural": "횟수 제한",
                "constraints": [
                    models.UniqueConstraint(fields=("key", "window"), name="rate_window_key_window")
                ],
            },
        ),
    ]
