import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import accounts.models.members
import accounts.text.names


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="LevelRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        unique=True,
                        validators=[
                            django.core.validators.MinValueValidator(3),
                            django.core.validators.MaxValueValidator(9),
                        ],
                        verbose_name="레벨",
                    ),
                ),
                ("points", models.PositiveIntegerField(default=0, verbose_name="포인트")),
                ("posts", models.PositiveIntegerField(default=0, verbose_name="글 수")),
                ("comments", models.PositiveIntegerField(default=0, verbose_name="댓글 수")),
                ("days", models.PositiveIntegerField(default=0, verbose_name="가입한 뒤 날수")),
                ("is_on", models.BooleanField(default=False, verbose_name="사용")),
            ],
            options={
                "verbose_name": "레벨 규칙",
                "verbose_name_plural": "레벨 규칙",
                "ordering": ["level"],
            },
        ),
        migrations.CreateModel(
            name="MemberSettings",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("signup_open", models.BooleanField(default=True, verbose_name="회원가입 받기")),
                (
                    "confirms_email",
                    models.BooleanField(
                        default=False,
                        help_text="켜면 그 뒤에 가입하는 회원은 메일의 링크를 눌러 확인해야 로그인할 수 있습니다.",
                        verbose_name="E-mail 확인",
                    ),
                ),
                (
                    "needs_approval",
                    models.BooleanField(default=False, verbose_name="운영자의 승인을 받아 가입"),
                ),
                (
                    "needs_invitation",
                    models.BooleanField(default=False, verbose_name="초대 코드가 있어야 가입"),
                ),
                (
                    "invitations_per_member",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="0이면 운영자만 만듭니다.",
                        verbose_name="회원이 만들 수 있는 초대 코드",
                    ),
                ),
                (
                    "asks_age",
                    models.BooleanField(
                        default=True,
                        help_text="만 14세 미만은 법정대리인의 동의가 있어야 하므로 가입을 받지 않습니다.",
                        verbose_name="만 14세 이상인지 확인",
                    ),
                ),
                (
                    "offers_marketing",
                    models.BooleanField(default=False, verbose_name="광고성 정보 수신 동의를 물음"),
                ),
                (
                    "captcha",
                    models.CharField(
                        choices=[
                            ("none", "쓰지 않음"),
                            ("work", "기기가 푸는 문제 (HTTPS가 필요)"),
                            ("question", "운영자가 정한 질문"),
                        ],
                        default="none",
                        max_length=8,
                        verbose_name="자동등록방지",
                    ),
                ),
                (
                    "question",
                    models.CharField(blank=True, max_length=200, verbose_name="자동등록방지 질문"),
                ),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        help_text="여럿이면 쉼표로 나눕니다.",
                        max_length=200,
                        verbose_name="질문의 답",
                    ),
                ),
                (
                    "refuses_disposable",
                    models.BooleanField(default=False, verbose_name="일회용 E-mail 주소 거절"),
                ),
                (
                    "refused_mail",
                    models.TextField(
                        blank=True,
                        help_text="한 줄에 하나. example.com(그 아래 주소 모두) 또는 한 주소 전체.",
                        verbose_name="거절할 메일",
                    ),
                ),
                (
                    "refused_names",
                    models.TextField(
                        blank=True,
                        help_text="한 줄에 하나. *는 아무 글자나.",
                        verbose_name="쓸 수 없는 아이디·별명",
                    ),
                ),
                (
                    "nickname_days",
                    models.PositiveSmallIntegerField(
                        default=60,
                        help_text="0이면 언제나.",
                        verbose_name="별명을 바꿀 수 있는 간격(일)",
                    ),
                ),
                (
                    "welcome_message",
                    models.TextField(
                        blank=True,
                        help_text="가입한 회원이 받습니다. 비우면 보내지 않습니다.",
                        verbose_name="환영 쪽지",
                    ),
                ),
                (
                    "message_days",
                    models.PositiveSmallIntegerField(
                        db_default=0,
                        default=0,
                        help_text="받은 사람이 읽은 지 이만큼 지난 쪽지는 두 쪽지함에서 지웁니다. 0이면 지우지 않습니다.",
                        verbose_name="쪽지 보관 기간(일)",
                    ),
                ),
                (
                    "leave_days",
                    models.PositiveSmallIntegerField(
                        default=30,
                        help_text="그 사이에는 탈퇴를 취소할 수 있고, 지나면 개인정보를 지웁니다.",
                        validators=[django.core.validators.MaxValueValidator(365)],
                        verbose_name="탈퇴 유예 기간(일)",
                    ),
                ),
                (
                    "leavers_posts",
                    models.CharField(
                        choices=[("keep", "남김 (이름은 삭제)"), ("choose", "떠나는 회원이 선택")],
                        default="keep",
                        max_length=6,
                        verbose_name="떠난 회원의 글",
                    ),
                ),
            ],
            options={
                "verbose_name": "회원 설정",
                "verbose_name_plural": "회원 설정",
            },
        ),
        migrations.CreateModel(
            name="PointSettings",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_on", models.BooleanField(default=False, verbose_name="포인트 사용")),
                ("signup", models.PositiveIntegerField(default=1000, verbose_name="회원가입")),
                ("login", models.PositiveIntegerField(default=100, verbose_name="하루 첫 로그인")),
                (
                    "message_cost",
                    models.PositiveIntegerField(
                        db_default=0,
                        default=0,
                        help_text="받는 사람 한 명마다 보낸 회원에게서 뺍니다. 쪽지를 지워도 돌려주지 않고, 운영자는 내지 않습니다. 0은 받지 않음.",
                        validators=[django.core.validators.MaxValueValidator(1000000)],
                        verbose_name="쪽지 보내기에 드는 포인트",
                    ),
                ),
                (
                    "recommend",
                    models.PositiveIntegerField(
                        db_default=0,
                        default=0,
                        help_text="가입할 때 추천인의 별명을 적을 수 있게 하고, 그 회원에게 줍니다. E-mail 확인이나 승인을 받는 사이트에서는 그 뒤에 줍니다. 한 회원에게 하루 5명까지, 같은 곳(주소)에서 가입한 사람은 하루 한 명까지만 칩니다. 여러 아이디로 스스로를 추천하지 못하게 회원 설정에서 E-mail 확인을 켜 두세요. 0은 묻지 않음.",
                        validators=[django.core.validators.MaxValueValidator(1000000)],
                        verbose_name="새 회원을 추천한 회원",
                    ),
                ),
                (
                    "keep_days",
                    models.PositiveIntegerField(
                        default=0, help_text="0은 없어지지 않음.", verbose_name="유효 기간(일)"
                    ),
                ),
            ],
            options={
                "verbose_name": "포인트 설정",
                "verbose_name_plural": "포인트 설정",
            },
        ),
        migrations.CreateModel(
            name="RetiredName",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name_hash", models.CharField(max_length=64, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="ShutOutMail",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("mail_hash", models.CharField(max_length=64, unique=True)),
                ("until", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="Member",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                (
                    "date_joined",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="date joined"
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "이미 사용 중인 아이디입니다."},
                        max_length=20,
                        unique=True,
                        validators=[accounts.text.names.validate_username],
                        verbose_name="아이디",
                    ),
                ),
                (
                    "nickname",
                    models.CharField(
                        max_length=16,
                        validators=[accounts.text.names.validate_nickname],
                        verbose_name="별명",
                    ),
                ),
                ("nickname_key", models.CharField(editable=False, max_length=64, unique=True)),
                (
                    "nickname_shape",
                    models.CharField(db_default="", default="", editable=False, max_length=64),
                ),
                (
                    "nickname_claim",
                    models.CharField(db_default="", default="", editable=False, max_length=64),
                ),
                ("nickname_changed_at", models.DateTimeField(editable=False, null=True)),
                ("email", models.EmailField(max_length=254, unique=True, verbose_name="E-mail")),
                (
                    "picture",
                    models.ImageField(blank=True, upload_to="members/", verbose_name="사진"),
                ),
                (
                    "introduction",
                    models.CharField(blank=True, max_length=300, verbose_name="자기소개"),
                ),
                (
                    "signature",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="글 아래에 보입니다.",
                        max_length=200,
                        verbose_name="서명",
                    ),
                ),
                (
                    "shows_profile",
                    models.BooleanField(
                        db_default=True,
                        default=True,
                        help_text="다른 회원과 손님이 소개와 활동을 볼 수 있습니다.",
                        verbose_name="정보 공개",
                    ),
                ),
                (
                    "shows_activity",
                    models.BooleanField(
                        db_default=True,
                        default=True,
                        help_text="프로필에 최근에 쓴 글과 댓글이 보입니다.",
                        verbose_name="최근 글과 댓글 공개",
                    ),
                ),
                (
                    "shows_presence",
                    models.BooleanField(
                        db_default=True,
                        default=True,
                        help_text="마지막 접속일, 지금 접속해 있는지, 어느 게시판을 보는지가 다른 분들에게 보입니다.",
                        verbose_name="접속 상태 공개",
                    ),
                ),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        default=2,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(10),
                        ],
                        verbose_name="레벨",
                    ),
                ),
                (
                    "is_robot",
                    models.BooleanField(
                        default=False,
                        help_text="사람이 아니라 글을 모아 올리는 프로그램입니다.",
                        verbose_name="수집기",
                    ),
                ),
                (
                    "pending_since",
                    models.DateTimeField(editable=False, null=True, verbose_name="가입 승인 대기"),
                ),
                (
                    "must_confirm_email",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        editable=False,
                        verbose_name="E-mail 확인 필요",
                    ),
                ),
                (
                    "left_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="탈퇴한 시각"),
                ),
                (
                    "removes_posts",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        editable=False,
                        verbose_name="탈퇴하며 글도 지움",
                    ),
                ),
                (
                    "erased_at",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="개인정보를 지운 시각"
                    ),
                ),
                (
                    "suspended_until",
                    models.DateTimeField(blank=True, null=True, verbose_name="이용 정지 기한"),
                ),
                (
                    "suspension_reason",
                    models.CharField(blank=True, max_length=200, verbose_name="정지 사유"),
                ),
                (
                    "post_count",
                    models.PositiveIntegerField(default=0, editable=False, verbose_name="글 수"),
                ),
                (
                    "comment_count",
                    models.PositiveIntegerField(default=0, editable=False, verbose_name="댓글 수"),
                ),
                (
                    "points",
                    models.IntegerField(
                        db_default=0, default=0, editable=False, verbose_name="포인트"
                    ),
                ),
                (
                    "unread_message_count",
                    models.PositiveIntegerField(
                        db_default=0, default=0, editable=False, verbose_name="읽지 않은 쪽지"
                    ),
                ),
                (
                    "takes_messages",
                    models.BooleanField(
                        db_default=True,
                        default=True,
                        help_text="끄면 쪽지를 보낼 수도 없습니다.",
                        verbose_name="쪽지 받기",
                    ),
                ),
                (
                    "unread_notification_count",
                    models.PositiveIntegerField(
                        db_default=0, default=0, editable=False, verbose_name="읽지 않은 알림"
                    ),
                ),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "recommender",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="추천인",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "회원",
                "verbose_name_plural": "회원",
                "permissions": [
                    ("suspend_member", "회원을 정지할 수 있음"),
                    ("export_members", "회원 목록을 내보낼 수 있음"),
                ],
            },
            managers=[
                ("objects", accounts.models.members.MemberManager()),
            ],
        ),
        migrations.CreateModel(
            name="AddressBlock",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "network",
                    models.CharField(
                        help_text="예: 203.0.113.7, 203.0.113.0/24, 2001:db8::/48",
                        max_length=43,
                        unique=True,
                        verbose_name="IP 또는 범위",
                    ),
                ),
                (
                    "scope",
                    models.CharField(
                        choices=[("join", "가입과 손님 글쓰기"), ("all", "모든 접속")],
                        default="join",
                        max_length=4,
                        verbose_name="막는 것",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="사유")),
                (
                    "until",
                    models.DateTimeField(
                        blank=True, help_text="비우면 계속.", null=True, verbose_name="기한"
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="막은 시각"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "IP 차단",
                "verbose_name_plural": "IP 차단",
            },
        ),
        migrations.CreateModel(
            name="Device",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key_hash", models.CharField(max_length=64)),
                ("name", models.CharField(max_length=80, verbose_name="기기")),
                (
                    "first_seen_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="처음 로그인"
                    ),
                ),
                (
                    "last_seen_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="마지막 로그인"
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="devices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "기기",
                "verbose_name_plural": "기기",
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=20, unique=True, verbose_name="코드")),
                ("note", models.CharField(blank=True, max_length=100, verbose_name="메모")),
                ("uses", models.PositiveIntegerField(default=1, verbose_name="쓸 수 있는 횟수")),
                (
                    "used_count",
                    models.PositiveIntegerField(default=0, editable=False, verbose_name="쓴 횟수"),
                ),
                ("expires_at", models.DateTimeField(blank=True, null=True, verbose_name="기한")),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="만든 시각"
                    ),
                ),
                (
                    "maker",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="invitations",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="만든 회원",
                    ),
                ),
            ],
            options={
                "verbose_name": "초대 코드",
                "verbose_name_plural": "초대 코드",
            },
        ),
        migrations.AddField(
            model_name="member",
            name="invitation",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="invited",
                to="accounts.invitation",
                verbose_name="초대",
            ),
        ),
        migrations.CreateModel(
            name="LegalText",
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
                            ("terms", "회원가입약관"),
                            ("privacy", "개인정보 수집 및 이용"),
                            ("marketing", "광고성 정보 수신"),
                        ],
                        max_length=10,
                        verbose_name="종류",
                    ),
                ),
                ("version", models.PositiveIntegerField(editable=False, verbose_name="버전")),
                ("text", models.TextField(verbose_name="내용")),
                (
                    "needs_consent",
                    models.BooleanField(
                        default=False,
                        help_text="켜면 회원이 다음에 들어올 때 새 내용을 보고 동의해야 글을 쓸 수 있습니다.",
                        verbose_name="회원에게 다시 동의를 받음",
                    ),
                ),
                (
                    "published_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="게시한 시각"
                    ),
                ),
            ],
            options={
                "verbose_name": "약관",
                "verbose_name_plural": "약관",
                "ordering": ["kind", "-version"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "version"), name="legal_text_kind_version"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Consent",
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
                            ("terms", "회원가입약관"),
                            ("privacy", "개인정보 수집 및 이용"),
                            ("age", "만 14세 이상"),
                            ("marketing", "광고성 정보 수신"),
                        ],
                        max_length=10,
                        verbose_name="종류",
                    ),
                ),
                (
                    "given_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="동의한 시각"
                    ),
                ),
                (
                    "confirmed_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="다시 확인한 시각"
                    ),
                ),
                ("withdrawn_at", models.DateTimeField(null=True, verbose_name="철회한 시각")),
                (
                    "member",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="consents",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "text",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.legaltext",
                        verbose_name="버전",
                    ),
                ),
            ],
            options={
                "verbose_name": "동의",
                "verbose_name_plural": "동의",
            },
        ),
        migrations.CreateModel(
            name="MemberEvent",
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
                            ("joined", "가입"),
                            ("approved", "가입 승인"),
                            ("nickname", "별명 변경"),
                            ("email", "E-mail 변경"),
                            ("password", "비밀번호 변경"),
                            ("security", "로그인 방법 변경"),
                            ("device", "새 기기 로그인"),
                            ("level", "레벨 변경"),
                            ("points", "포인트 조정"),
                            ("suspended", "이용 정지"),
                            ("lifted", "정지 해제"),
                            ("forbidden", "허락되지 않은 요청"),
                            ("consent", "동의"),
                            ("left", "탈퇴 신청"),
                            ("returned", "탈퇴 취소"),
                            ("erased", "개인정보 삭제"),
                            ("merged", "계정 합침"),
                        ],
                        max_length=10,
                        verbose_name="일",
                    ),
                ),
                ("words", models.CharField(blank=True, max_length=300, verbose_name="내용")),
                (
                    "at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="시각"),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="한 사람",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "회원에게 있었던 일",
                "verbose_name_plural": "회원에게 있었던 일",
            },
        ),
        migrations.CreateModel(
            name="MemberNote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField(max_length=2000, verbose_name="메모")),
                (
                    "at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="쓴 시각"),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="쓴 사람",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "운영진 메모",
                "verbose_name_plural": "운영진 메모",
            },
        ),
        migrations.CreateModel(
            name="MemberSession",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("session_key", models.CharField(max_length=40, unique=True)),
                (
                    "started_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="로그인한 시각"
                    ),
                ),
                (
                    "seen_on",
                    models.DateField(
                        default=django.utils.timezone.localdate, verbose_name="마지막으로 쓴 날"
                    ),
                ),
                (
                    "device",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sessions",
                        to="accounts.device",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sessions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "로그인 기록",
                "verbose_name_plural": "로그인 기록",
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sender_name", models.CharField(max_length=40, verbose_name="보낸 사람")),
                ("receiver_name", models.CharField(max_length=40, verbose_name="받는 사람")),
                ("text", models.TextField(verbose_name="내용")),
                (
                    "sent_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="보낸 시각"
                    ),
                ),
                ("read_at", models.DateTimeField(null=True, verbose_name="읽은 시각")),
                ("deleted_by_sender", models.BooleanField(default=False)),
                ("deleted_by_receiver", models.BooleanField(default=False)),
                ("reported_at", models.DateTimeField(null=True, verbose_name="신고한 시각")),
                (
                    "report_reason",
                    models.CharField(blank=True, max_length=200, verbose_name="신고 사유"),
                ),
                (
                    "receiver",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sender",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "쪽지",
                "verbose_name_plural": "쪽지",
            },
        ),
        migrations.CreateModel(
            name="NicknameChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("nickname", models.CharField(max_length=16, verbose_name="전 별명")),
                ("nickname_key", models.CharField(db_index=True, max_length=64)),
                (
                    "at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="바꾼 시각"
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="nickname_changes",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="회원",
                    ),
                ),
            ],
            options={
                "verbose_name": "별명 변경",
                "verbose_name_plural": "별명 변경",
            },
        ),
        migrations.CreateModel(
            name="Notification",
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
                            ("comment", "내 글에 댓글"),
                            ("reply", "내 댓글에 답변"),
                            ("answer", "내 글에 답변글"),
                            ("mention", "나를 언급한 댓글"),
                            ("like", "내 글과 댓글의 추천"),
                            ("message", "나에게 온 쪽지"),
                            ("report", "내 신고의 결과"),
                            ("moderation", "관리자의 조치"),
                            ("board", "지켜보는 게시판의 새 글"),
                            ("word", "알림 단어가 든 새 글"),
                        ],
                        max_length=10,
                    ),
                ),
                ("actor_name", models.CharField(blank=True, max_length=40)),
                ("count", models.PositiveIntegerField(default=1)),
                ("title", models.CharField(max_length=200)),
                ("address", models.CharField(max_length=200)),
                ("about", models.CharField(db_index=True, max_length=40)),
                ("part", models.CharField(blank=True, db_index=True, max_length=40)),
                ("read_at", models.DateTimeField(null=True)),
                (
                    "mail",
                    models.CharField(
                        blank=True,
                        choices=[("", "없음"), ("now", "곧"), ("daily", "하루에 한 번")],
                        db_default="",
                        default="",
                        max_length=5,
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "member",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notifications",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "알림",
                "verbose_name_plural": "알림",
            },
        ),
        migrations.CreateModel(
            name="NotificationChoice",
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
                            ("comment", "내 글에 댓글"),
                            ("reply", "내 댓글에 답변"),
                            ("answer", "내 글에 답변글"),
                            ("mention", "나를 언급한 댓글"),
                            ("like", "내 글과 댓글의 추천"),
                            ("message", "나에게 온 쪽지"),
                            ("report", "내 신고의 결과"),
                            ("moderation", "관리자의 조치"),
                            ("board", "지켜보는 게시판의 새 글"),
                            ("word", "알림 단어가 든 새 글"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("none", "받지 않음"),
                            ("site", "사이트에서"),
                            ("mail", "사이트와 메일"),
                            ("digest", "사이트와 하루 한 번 메일"),
                        ],
                        db_default="none",
                        default="none",
                        max_length=6,
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PointEntry",
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
                            ("signup", "회원가입"),
                            ("login", "첫 로그인"),
                            ("write", "글쓰기"),
                            ("comment", "댓글쓰기"),
                            ("liked", "추천받음"),
                            ("read", "글읽기"),
                            ("download", "파일 내려받기"),
                            ("message", "쪽지 보내기"),
                            ("recommend", "추천인"),
                            ("manual", "운영자"),
                            ("expire", "기간 만료"),
                        ],
                        max_length=10,
                        verbose_name="종류",
                    ),
                ),
                ("about", models.CharField(max_length=60)),
                ("text", models.CharField(max_length=200, verbose_name="내용")),
                ("amount", models.IntegerField(verbose_name="포인트")),
                ("spent", models.PositiveIntegerField(default=0)),
                ("expires_on", models.DateField(null=True, verbose_name="만료일")),
                (
                    "at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="시각"),
                ),
                (
                    "member",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="point_entries",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "포인트 내역",
                "verbose_name_plural": "포인트 내역",
            },
        ),
        migrations.CreateModel(
            name="Block",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "blocked",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="blocks",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "차단",
                "verbose_name_plural": "차단",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("member", "blocked"), name="block_member_blocked"
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="device",
            constraint=models.UniqueConstraint(
                fields=("member", "key_hash"), name="device_member_key"
            ),
        ),
        migrations.AddIndex(
            model_name="member",
            index=models.Index(models.F("nickname_shape"), name="member_nickname_shape"),
        ),
        migrations.AddIndex(
            model_name="member",
            index=models.Index(models.F("date_joined"), name="member_joined"),
        ),
        migrations.AddIndex(
            model_name="member",
            index=models.Index(
                models.F("left_at"),
                condition=models.Q(("left_at__isnull", False)),
                name="member_left",
            ),
        ),
        migrations.AddIndex(
            model_name="member",
            index=models.Index(
                models.F("id"),
                condition=models.Q(("pending_since__isnull", False)),
                name="member_pending",
            ),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.UniqueConstraint(
                condition=models.Q(("nickname_claim", ""), _negated=True),
                fields=("nickname_claim",),
                name="member_nickname_claim",
            ),
        ),
        migrations.AddIndex(
            model_name="consent",
            index=models.Index(models.F("member"), models.F("kind"), name="consent_member_kind"),
        ),
        migrations.AddIndex(
            model_name="consent",
            index=models.Index(
                models.F("confirmed_at"),
                condition=models.Q(("kind", "marketing"), ("withdrawn_at", None)),
                name="consent_marketing",
            ),
        ),
        migrations.AddIndex(
            model_name="memberevent",
            index=models.Index(
                models.F("member"),
                models.OrderBy(models.F("id"), descending=True),
                name="member_event_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                models.F("receiver"),
                models.OrderBy(models.F("id"), descending=True),
                name="message_received",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                models.F("sender"),
                models.OrderBy(models.F("id"), descending=True),
                name="message_sent",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                models.F("reported_at"),
                condition=models.Q(("reported_at__isnull", False)),
                name="message_reported",
            ),
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(
                models.F("member"),
                models.OrderBy(models.F("at"), descending=True),
                name="notification_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(
                models.F("mail"),
                models.F("member"),
                condition=models.Q(("mail", ""), _negated=True),
                name="notification_mail_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="notification",
            constraint=models.UniqueConstraint(
                condition=models.Q(("read_at", None)),
                fields=("member", "kind", "about"),
                name="notification_unread_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="notificationchoice",
            constraint=models.UniqueConstraint(
                fields=("member", "kind"), name="notification_choice_kind"
            ),
        ),
        migrations.AddIndex(
            model_name="pointentry",
            index=models.Index(
                models.F("member"),
                models.OrderBy(models.F("id"), descending=True),
                name="point_entry_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="pointentry",
            index=models.Index(
                models.F("expires_on"),
                condition=models.Q(
                    ("amount__gt", models.F("spent")), ("expires_on__isnull", False)
                ),
                name="point_entry_expiring",
            ),
        ),
        migrations.AddConstraint(
            model_name="pointentry",
            constraint=models.UniqueConstraint(
                fields=("member", "kind", "about"), name="point_entry_once"
            ),
        ),
    ]
