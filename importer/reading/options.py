"""Options of gnuboard5 that have no counterpart here, for the reports. Pure."""

from importer.reading.site import OldSite

TEXTS_OF_INSTALLER = frozenset(
    {
        "해당 홈페이지에 맞는 회원가입약관을 입력합니다.",
        "해당 홈페이지에 맞는 개인정보처리방침을 입력합니다.",
    }
)

# Column → its label in gnuboard5's admin, and the value that means nothing is lost.
SITE_OPTIONS: dict[str, tuple[str, frozenset[str]]] = {
    "cf_theme": ("테마", frozenset({"", "basic"})),
    "cf_admin_email": ("관리자 메일 주소 (환경 변수로 정합니다)", frozenset({""})),
    "cf_cut_name": ("이름(별명) 표시 글자 수", frozenset({"0", "15"})),
    "cf_open_modify": ("정보공개 수정 기간", frozenset({"0"})),
    "cf_new_rows": ("최근게시물 줄수", frozenset({"0", "15"})),
    "cf_new_del": ("최근게시물 삭제 (지우지 않습니다)", frozenset({"0", "30"})),
    "cf_visit_del": ("접속자로그 삭제", frozenset({"0", "180"})),
    "cf_popular_del": ("인기검색어 삭제", frozenset({"0", "180"})),
    "cf_login_minutes": ("현재 접속자 시간", frozenset({"10"})),
    "cf_write_pages": ("페이지 표시 수", frozenset({"10"})),
    "cf_mobile_pages": ("모바일 페이지 표시 수", frozenset({"5"})),
    "cf_mobile_page_rows": ("모바일 한 페이지의 줄 수", frozenset({"15"})),
    "cf_delay_sec": ("글쓰기 간격 (게시판마다 정합니다)", frozenset({"0"})),
    "cf_link_target": ("새창 링크", frozenset({"", "_blank"})),
    "cf_search_part": ("검색 단위", frozenset({"10000"})),
    "cf_use_copy_log": ("복사, 이동 시 로그", frozenset({"0"})),
    "cf_possible_ip": ("접근가능 IP", frozenset({""})),
    "cf_intercept_ip": ("접근차단 IP", frozenset({""})),
    "cf_analytics": ("방문자분석 스크립트 (외부 서비스에서 다시 정합니다)", frozenset({""})),
    "cf_add_meta": ("추가 메타태그", frozenset({""})),
    "cf_add_script": ("추가 script, css", frozenset({""})),
    "cf_register_level": ("회원가입 시 권한", frozenset({"2"})),
    "cf_icon_level": ("회원아이콘 권한", frozenset({"", "0", "1", "2"})),
    "cf_use_homepage": ("회원 홈페이지", frozenset({"0"})),
    "cf_use_tel": ("회원 전화번호", frozenset({"0"})),
    "cf_use_hp": ("회원 휴대폰번호", frozenset({"0"})),
    "cf_use_addr": ("회원 주소", frozenset({"0"})),
    "cf_cert_use": ("본인확인 서비스", frozenset({"0"})),
    "cf_social_login_use": ("소셜로그인 (열쇠를 다시 정합니다)", frozenset({"", "0"})),
    "cf_captcha": ("자동등록방지 (회원 설정에서 고릅니다)", frozenset({"", "kcaptcha"})),
    "cf_image_extension": (
        "이미지 확장자",
        frozenset({"", "gif|jpg|jpeg|png", "gif|jpg|jpeg|png|webp"}),
    ),
    "cf_formmail_is_member": ("메일 보내기 폼", frozenset({"0", "1"})),
    "cf_sms_use": ("SMS", frozenset({""})),
    **{f"cf_{number}": (f"여분필드 {number}", frozenset({""})) for number in range(1, 11)},
}
BOARD_OPTIONS: dict[str, tuple[str, frozenset[str]]] = {
    "bo_skin": (
        "스킨",
        frozenset({"", "basic", "theme/basic", "gallery", "theme/gallery", "webzine"}),
    ),
    "bo_mobile_subject": ("모바일 게시판 제목", frozenset({""})),
    "bo_device": ("접속기기", frozenset({"", "both"})),
    "bo_use_name": ("실명 사용", frozenset({"0"})),
    "bo_use_ip_view": ("IP 보이기", frozenset({"0"})),
    "bo_use_email": ("메일발송", frozenset({"0"})),
    "bo_use_sns": ("SNS", frozenset({"0"})),
    "bo_use_search": ("전체 검색에서 빼기", frozenset({"1"})),
    "bo_use_list_content": ("목록에서 내용 사용", frozenset({"0"})),
    "bo_use_list_file": ("목록에서 파일 사용", frozenset({"0"})),
    "bo_use_list_view": ("글 아래 전체목록", frozenset({"0", "1"})),
    "bo_include_head": ("상단 파일", frozenset({"", "_head.php"})),
    "bo_include_tail": ("하단 파일", frozenset({"", "_tail.php"})),
    "bo_mobile_content_head": ("모바일 상단 내용", frozenset({""})),
    "bo_mobile_content_tail": ("모바일 하단 내용", frozenset({""})),
    "bo_reply_order": ("답변을 위로 달기", frozenset({"1"})),
    "bo_sort_field": ("리스트 정렬 필드", frozenset({"", "wr_hit desc", "wr_good desc"})),
}


def lost_site_options(old: OldSite) -> list[str]:
    """The labels of the site's options that are set and have no counterpart. Values are not shown: some are
    keys."""
    return _lost(old.config, SITE_OPTIONS)


def lost_board_options(old: OldSite) -> list[str]:
    """The same for each board: "주소: label, label"."""
    found = ((row["bo_table"], _lost(row, BOARD_OPTIONS)) for row in old.rows("board"))
    return [f"{name}: {', '.join(labels)}" for name, labels in found if labels]


def _lost(row: dict[str, str], options: dict[str, tuple[str, frozenset[str]]]) -> list[str]:
    return [
        label
        for column, (label, harmless) in options.items()
        if column in row and row[column].strip() not in harmless
    ]
