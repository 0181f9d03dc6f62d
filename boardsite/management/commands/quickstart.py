import os
import secrets
import sys
from hashlib import sha256
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from boardsite.caching import file_cache
from boardsite.caching.triggers import is_installed
from boardsite.databases.schema import WrongSchema, read_schema
from boardsite.private_files import protect
from boardsite.server.listening import HOST, CannotListen, address_of, open_asked_sockets
from boardsite.server.site import serve_site, worker_count
from boardsite.site_identity import WrongData, require_own_data, settle

OWNER = "owner"
ENV = """\
# 이 사이트의 설정입니다. 뜻은 docs/settings.md에 있습니다. 남에게 보여 주지 마세요.
SECRET_KEY='{secret_key}'
DEBUG=off
# 브라우저 주소창에 쓸 수 있는 이름들
ALLOWED_HOSTS=localhost,127.0.0.1,[::1]
"""


class Command(BaseCommand):
    help = "아무것도 없는 데서 시작합니다: .env, 데이터베이스, 예시 글, 운영자, 서버."
    requires_system_checks = []  # there may be no SECRET_KEY yet

    def add_arguments(self, parser):
        parser.add_argument(
            "--no-serve",
            action="store_true",
            help=gettext_lazy("준비만 하고 서버는 열지 않습니다."),
        )

    def handle(self, *, no_serve: bool = False, **options):
        if not has_secret_key():
            self.begin_env(settings.BASE_DIR / ".env")
        opened = None if no_serve else self.open_sockets()
        try:
            self.prepare()
            greeting = self.greeting(address_of(opened) if opened else None)
        except KeyboardInterrupt:
            raise CommandError(_("준비하다가 멈췄습니다."), returncode=130) from None
        if opened is None:
            self.tell(greeting)
        else:
            sys.exit(serve_site(opened, lambda: self.tell(greeting)))

    def prepare(self) -> None:
        try:
            settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
            protect()  # again, because the folder may be new
        except OSError as error:  # a link to a disk that is not there, a folder of somebody else
            words = _(
                "폴더를 쓸 수 없습니다: %(folder)s (%(error)s). 디스크와 권한을 확인해 주세요."
            )
            numbers = {"folder": error.filename or settings.DATA_DIR, "error": error.strerror}
            raise CommandError(words % numbers) from error
        try:
            require_own_data()
            self.prepare_database()
            settle()
        except (WrongData, WrongSchema) as explanation:
            raise CommandError(explanation) from None
        self.prepare_static_files()
        if settings.DEMO and is_new_site():
            self.tell(_("예시로 게시판과 글을 채웁니다…"))
            call_command("demo", verbosity=0)

    def tell(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()

    def begin_env(self, path: Path) -> None:
        """Writes `.env` with a new key and restarts, so that the settings read it."""
        if not write_env(path):
            raise CommandError(_(".env에 SECRET_KEY가 없습니다. 한 줄 추가해 주세요."))
        self.tell(_("%s 파일을 만들었습니다.") % path.name)
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606

    def open_sockets(self):
        """Comes first, so that starting a second site on the same port changes nothing."""
        try:
            return open_asked_sockets(worker_count())
        except CannotListen as trouble:
            raise CommandError(trouble) from None

    def prepare_database(self) -> None:
        schema = read_schema()
        if schema.unknown:
            schema.require_fit()
        # Triggers are missing after a migration that was killed at its very end.
        is_ready = not schema.waiting and is_installed()
        if not is_ready and not schema.is_empty and "update" in get_commands():
            call_command("update", stdout=self.stdout)  # with a backup
        elif not is_ready:
            self.tell(_("데이터베이스를 준비합니다…"))
            call_command("migrate", verbosity=0, interactive=False)
        file_cache.prepare()

    def prepare_static_files(self) -> None:
        stamp = settings.STATIC_ROOT / ".stamp"
        sources = describe_static_sources()
        if stamp.is_file() and stamp.read_text() == sources:
            return
        self.tell(_("화면에 쓰는 파일을 모읍니다…"))
        call_command("collectstatic", verbosity=0, interactive=False)
        stamp.write_text(sources)

    def greeting(self, address: str | None) -> str:
        """The site's address and how its owner logs in. Creates the owner's account where there is
        none."""
        lines = []
        if address:
            lines.append(_("주소: %s") % address)
        password = None if is_kept_by_journal() else ensure_owner()
        if not has_owner():
            lines.append(_("운영자 계정이 없습니다. 터미널에서 만들어 주세요: ./run.sh --no-serve"))
        elif password:
            lines += [
                _("운영자 아이디: %s") % owner_name(),
                _("비밀번호: %s") % password,
                _("비밀번호는 지금 한 번만 보여 드리고 어디에도 적어 두지 않습니다."),
            ]
        else:
            change = f".venv/bin/python manage.py changepassword {owner_name()}"
            lines += [
                _("운영자 아이디: %s (이미 있습니다)") % owner_name(),
                _("비밀번호를 잊었다면: %s") % change,
            ]
        if address:
            lines.append(_("멈추려면 Ctrl-C를 누릅니다."))
            if not settings.DEBUG and os.environ.get("HOST", HOST) != HOST:
                lines.append(_("다른 기기에서 열 때의 이름은 .env의 ALLOWED_HOSTS에 추가합니다."))
        rule = "─" * 72
        return "\n".join(["", rule, *(f"  {line}" for line in lines), rule, ""])


def has_secret_key() -> bool:
    try:
        return bool(settings.SECRET_KEY)
    except ImproperlyConfigured:  # Django raises it when the key is empty
        return False


def write_env(path: Path) -> bool:
    """Writes a development `.env` that only its owner may read. Returns False if there is one
    already."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with open(handle, "w", encoding="utf-8") as file:
        # Not Django's own generator: its punctuation has special meanings in a .env file.
        file.write(ENV.format(secret_key=secrets.token_urlsafe(50)))
    return True


def describe_static_sources() -> str:
    """A digest of every file that collectstatic would collect and of the storage settings."""
    digest = sha256(f"{django.__version__} {settings.STORAGES['staticfiles']}".encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            about = os.stat(storage.path(name))
            digest.update(f"{name} {about.st_size} {about.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def is_kept_by_journal() -> bool:
    """Whether standard output is systemd's journal (systemd.exec(5)), where a password would stay."""
    try:
        about = os.fstat(sys.stdout.fileno())
    except (OSError, ValueError):  # it is no file
        return False
    return os.environ.get("JOURNAL_STREAM") == f"{about.st_dev}:{about.st_ino}"


def has_owner() -> bool:
    return get_user_model().objects.filter(is_superuser=True).exists()


def is_new_site() -> bool:
    """Whether there is neither a board nor an owner who could have deleted all boards."""
    boards = apps.get_model("boards", "Board").objects
    return not (boards.exists() or get_user_model().objects.filter(is_superuser=True).exists())


def owner_name() -> str:
    return get_user_model().objects.filter(is_superuser=True).earliest("pk").username


def ensure_owner() -> str | None:
    """Creates the owner's account, or sets a password for an owner who cannot log in.

    Returns the generated password, or None when an owner can already log in."""
    members = get_user_model().objects
    owners = list(members.filter(is_superuser=True).order_by("pk"))
    if any(owner.has_usable_password() for owner in owners):
        return None
    password = secrets.token_urlsafe(12)
    if owners:
        owners[0].set_password(password)
        owners[0].save(update_fields=["password"])
    else:
        members.create_superuser(OWNER, "owner@example.com", password, nickname=str(_("운영자")))
    return password
