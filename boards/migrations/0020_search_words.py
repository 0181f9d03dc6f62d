import django.core.validators
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("boards", "0019_comments_by_time")]

    operations = [
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "day",
                        "word",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("day", models.DateField(verbose_name="날짜")),
                ("word", models.CharField(max_length=50, verbose_name="검색어")),
                ("visitors", models.PositiveIntegerField(default=0, verbose_name="찾은 사람")),
            ],
            options={"verbose_name": "인기검색어", "verbose_name_plural": "인기검색어"},
        ),
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
                        help_text=(
                            "이 말이 든 검색어는 모두 숨깁니다. 띄어쓰기와 대소문자는 가리지 않습니다."
                        ),
                        max_length=50,
                        unique=True,
                        verbose_name="막을 말",
                    ),
                ),
                (
                    "added_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        editable=False,
                        verbose_name="막은 때",
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
            options={"verbose_name": "검색 설정", "verbose_name_plural": "검색 설정"},
        ),
    ]
