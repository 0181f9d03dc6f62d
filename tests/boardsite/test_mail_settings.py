"""The owner sets up the mail server in the admin; EMAIL_URL takes precedence and is read whole."""

import datetime
import ssl

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from accounts.mails.outgoing import send_now
from boardsite.mail import is_set_up, servers
from boardsite.mail.mail_url import BACKEND, read_mail_url
from boardsite.models import MailSettings, OneRow
from tests.conftest import make_member
from tests.mail_server import MailServer

FORM = "/admin/boardsite/mailsettings/1/change/"
TRY = "/admin/boardsite/mailsettings/try/"
PASSWORD = "p@ss#w0rd%"
ANSWERS = {
    "service": "other",
    "host": "127.0.0.1",
    "security": "none",
    "user": "town",
    "password": PASSWORD,
    "sender": "board@example.kr",
    "mails_per_minute": "30",
}


@pytest.fixture
def own_backend(db, settings):
    """Mails go to the server of the admin, as on a site without EMAIL_URL."""
    settings.EMAIL_BACKEND = BACKEND
    settings.EMAIL_CONFIG = {"EMAIL_HOST": ""}
    settings.HAS_OWN_SENDER = False
    settings.EMAIL_TIMEOUT = 5
    MailSettings.load()
    OneRow.forget()


@pytest.fixture
def server(own_backend, monkeypatch):
    with MailServer(account=("town", PASSWORD)) as server:
        monkeypatch.setattr(servers, "PORTS", [server.port])
        yield server


@pytest.mark.parametrize(
    ("url", "user", "password", "address"),
    [
        ("smtp+tls://user:p@ss#w0rd@mail.example.kr:587", "user", "p@ss#w0rd", "mail.example.kr 587"),
        ("smtp+tls://user:50%off@mail.example.kr", "user", "50%off", "mail.example.kr 587"),
        ("smtp+ssl://me@naver.com:a:b/c?d@smtp.naver.com", "me@naver.com", "a:b/c?d", "smtp.naver.com 465"),
        ("smtp+tls://me%40naver.com:p%23w%25@smtp.naver.com:465", "me@naver.com", "p#w%", "smtp.naver.com 465"),
        ("smtp://localhost", "", "", "localhost 25"),
    ],
)  # fmt: skip
def test_a_url_is_read_whole(url, user, password, address):
    read = read_mail_url(url)
    assert (read["EMAIL_HOST_USER"], read["EMAIL_HOST_PASSWORD"]) == (user, password)
    assert f"{read['EMAIL_HOST']} {read['EMAIL_PORT']}" == address
    assert read["EMAIL_USE_SSL"] == (read["EMAIL_PORT"] == 465)
    assert not (read["EMAIL_USE_SSL"] and read["EMAIL_USE_TLS"])


@pytest.mark.parametrize(
    "url",
    [
        "smtp+tls://user:geheim@",
        "smtp+tls://user:geheim@mail.example.kr/box",
        "smtp+tls://user:geheim@mail.example.kr:587#x",
        "smtp+tls://user:ge heim@mail.example.kr",
        "smtp+tls://user:geheim@mail.example.kr:70000",
        "smtp+tls://:geheim@mail.example.kr",
        "mail.example.kr",
        "pop3://user:geheim@mail.example.kr",
    ],
)
def test_another_url_is_rejected_in_a_sentence_without_the_password(url):
    with pytest.raises(ImproperlyConfigured, match=r"^EMAIL_URL .*\.|://") as refusal:
        read_mail_url(url)
    assert "heim" not in str(refusal.value)


def test_the_owner_sets_up_a_server_and_tries_it(as_owner, owner, server):
    assert not is_set_up()
    saved = as_owner.post(FORM, {**ANSWERS, "port": server.port})
    assert saved.status_code == 302, saved.content.decode()
    assert is_set_up()
    row = MailSettings.objects.get()
    assert PASSWORD not in row.sealed_password
    assert servers.password_of(row) == PASSWORD
    assert PASSWORD not in as_owner.get(FORM).content.decode()
    page = as_owner.post(TRY).content.decode()
    assert "235 2.7.0 Welcome" in page
    assert "250 2.0.0 Queued as 1234" in page
    assert "메일함을 확인해 주세요" in page
    (letter,) = server.letters
    assert (letter.sender, letter.receiver) == ("board@example.kr", owner.email)
    assert letter.message["From"] == "우리 게시판 <board@example.kr>"


def test_a_wrong_password_is_answered_without_showing_it(as_owner, server, caplog):
    as_owner.post(FORM, {**ANSWERS, "port": server.port, "password": "wrong-word"})
    page = as_owner.post(TRY).content.decode()
    assert "535 5.7.8 No such account: ●●●" in page
    assert "앱 비밀번호" in page
    assert "wrong-word" not in page + caplog.text
    assert server.letters == []


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """The file of a key and a certificate for "localhost" that nobody has signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    day = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, day, day.replace(year=2099))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    encoding = serialization.Encoding.PEM
    private = key.private_bytes(
        encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = tmp_path_factory.mktemp("certificate") / "both.txt"
    path.write_bytes(private + made.public_bytes(encoding))
    return path


@pytest.mark.any_database
@pytest.mark.parametrize("security", ["tls", "starttls"])
@pytest.mark.parametrize("is_trusted", [True, False])
def test_over_tls_the_certificate_counts(
    as_owner, own_backend, monkeypatch, certificate, security, is_trusted
):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    known = ssl.create_default_context(cafile=certificate if is_trusted else None)
    monkeypatch.setattr(ssl, "create_default_context", lambda: known)
    with MailServer(("town", PASSWORD), context, security == "tls") as server:
        monkeypatch.setattr(servers, "PORTS", [server.port])
        answers = {**ANSWERS, "host": "localhost", "port": server.port, "security": security}
        assert as_owner.post(FORM, answers).status_code == 302
        page = as_owner.post(TRY).content.decode()
        assert ("Queued as 1234" in page) == is_trusted
        assert ("인증서를 믿을 수 없습니다" in page) != is_trusted
        assert send_now(mail.EmailMessage("제목", "글", None, ["a@b.kr"]), "a test") == is_trusted
        assert len(server.letters) == (2 if is_trusted else 0)


@pytest.mark.any_database
def test_a_refused_address_is_named(as_owner, server, owner):
    as_owner.post(FORM, {**ANSWERS, "port": server.port})
    server.refuses = {owner.email: "550 5.1.1 No such user"}
    page = as_owner.post(TRY).content.decode()
    assert "서버가 받는 주소를 받아들이지 않았습니다" in page
    assert page.count("550 5.1.1 No such user") == 1


@pytest.mark.any_database
def test_a_server_that_says_nothing_is_not_waited_for(as_owner, server, settings):
    settings.EMAIL_TIMEOUT = 0.2
    server.is_silent = True
    as_owner.post(FORM, {**ANSWERS, "port": server.port})
    assert "서버가 제때 답하지 않았습니다" in as_owner.post(TRY).content.decode()


@pytest.mark.any_database
def test_tries_are_limited_and_only_posted(as_owner, server):
    as_owner.post(FORM, {**ANSWERS, "port": server.port})
    assert as_owner.get(TRY).status_code == 405
    for _number in range(10):
        assert as_owner.post(TRY).status_code == 200
    assert as_owner.post(TRY).status_code == 302
    assert len(server.letters) == 10


@pytest.mark.any_database
def test_presets_fill_in_the_rest(as_owner, own_backend):
    chosen = {**ANSWERS, "service": "naver", "user": "minji", "host": "", "port": "587"}
    assert as_owner.post(FORM, chosen).status_code == 302
    row = MailSettings.objects.get()
    assert (row.host, row.port, row.security) == ("smtp.naver.com", 465, "tls")
    assert row.user == "minji@naver.com"


@pytest.mark.any_database
@pytest.mark.parametrize(
    "changed",
    [
        {"port": "6379"},
        {"host": "127.0.0.1/x"},
        {"host": ""},
        {"user": "", "service": "gmail"},
        {"host": "mail.example.kr"},  # a password without encryption
        {"password": ""},  # of a server for which none was typed
    ],
)
def test_what_cannot_work_is_refused(as_owner, server, changed):
    page = as_owner.post(FORM, {**ANSWERS, "port": server.port, **changed})
    assert page.status_code == 200
    assert "errorlist" in page.content.decode()
    assert MailSettings.objects.get().host == ""


def test_a_stored_password_goes_to_no_other_server(as_owner, server):
    as_owner.post(FORM, {**ANSWERS, "port": server.port})
    kept = {**ANSWERS, "port": server.port, "password": ""}
    assert as_owner.post(FORM, kept).status_code == 302
    assert servers.password_of(MailSettings.objects.get()) == PASSWORD
    moved = as_owner.post(FORM, {**kept, "host": "localhost"})
    assert "이 서버와 아이디의 비밀번호를 입력해 주세요." in moved.content.decode()


@pytest.mark.any_database
def test_others_are_refused(client, as_minji, log_in, own_backend):
    from django.contrib.auth.models import Permission

    staff = make_member("staff", "도우미", is_staff=True)
    staff.user_permissions.set(Permission.objects.filter(content_type__app_label="boardsite"))
    for visitor in (client, as_minji):
        assert visitor.get(FORM).status_code == 302
        assert visitor.post(TRY).status_code == 302
    assert log_in(staff).get(FORM).status_code == 403
    assert log_in(staff).post(TRY).status_code == 403


@pytest.mark.any_database
def test_the_environment_takes_precedence_and_the_form_says_so(as_owner, own_backend, settings):
    settings.EMAIL_CONFIG = read_mail_url("smtp+tls://me:geheim@mail.example.kr")
    settings.HAS_OWN_SENDER = True
    page = as_owner.get(FORM).content.decode()
    assert "EMAIL_URL이 먼저 쓰입니다: mail.example.kr의 587번 포트" in page
    assert "DEFAULT_FROM_EMAIL이 먼저 쓰입니다" in page
    assert "geheim" not in page
    assert as_owner.post(FORM, {**ANSWERS, "mails_per_minute": "7"}).status_code == 302
    row = MailSettings.objects.get()
    assert (row.host, row.mails_per_minute) == ("", 7)
    assert servers.current_server().host == "mail.example.kr"


@pytest.mark.any_database
def test_after_a_change_of_the_key_the_owner_is_asked_again(as_owner, server, settings):
    as_owner.post(FORM, {**ANSWERS, "port": server.port})
    key = settings.SECRET_KEY
    with override_settings(SECRET_KEY="n" * 50, SECRET_KEY_FALLBACKS=[key]):
        assert servers.password_of(MailSettings.objects.get()) == PASSWORD
    with override_settings(SECRET_KEY="n" * 50):
        assert servers.password_of(MailSettings.objects.get()) is None


RESET, CODE = "/accounts/password/reset/", "/accounts/login/code/"


@pytest.mark.any_database
@pytest.mark.parametrize("path", [RESET, CODE])
def test_without_a_server_visitors_are_told_and_no_link_is_logged(
    path, client, minji, own_backend, caplog, capfd
):
    words = "지금은 이 사이트에서 메일을 보낼 수 없습니다. 운영자에게 알려 주세요."
    assert words in client.get(path).content.decode()
    for address in (minji.email, "nobody@example.com"):
        assert words in client.post(path, {"email": address}).content.decode()
    with override_settings(SITE_URL="https://board.example.kr"):
        assert "reset" not in caplog.text + "".join(capfd.readouterr())


@pytest.mark.any_database
def test_without_a_server_the_owner_is_told(as_owner, own_backend, settings):
    settings.SITE_URL = "https://board.example.kr"
    assert "메일 서버를 정하지 않아" in as_owner.get("/admin/").content.decode()
    MailSettings.objects.update(host="mail.example.kr")
    OneRow.forget()
    assert "메일 서버를 정하지 않아" not in as_owner.get("/admin/").content.decode()


@pytest.mark.any_database
def test_a_mail_is_neither_sent_nor_printed_without_a_server(own_backend, settings, capfd, caplog):
    message = mail.EmailMessage("제목", "https://secret.example.kr/", None, ["minji@example.com"])
    assert not send_now(message, "a test")
    assert "There is no mail server to send a test" in caplog.text
    assert "secret.example.kr" not in caplog.text + "".join(capfd.readouterr())
    settings.DEBUG = True
    assert send_now(message, "a test")
    assert "secret.example.kr" in capfd.readouterr().out
