"""The tables and columns of gnuboard 5.6. Older versions lack some of them, and plug-ins add others."""

import re
from collections.abc import Iterator

_COLUMNS = """
auth: mb_id au_menu au_auth
autosave: as_id mb_id as_uid as_subject as_content as_datetime
board: bo_table gr_id bo_subject bo_mobile_subject bo_device bo_admin bo_list_level bo_read_level
    bo_write_level bo_reply_level bo_comment_level bo_upload_level bo_download_level bo_html_level
    bo_link_level bo_count_delete bo_count_modify bo_read_point bo_write_point bo_comment_point
    bo_download_point bo_use_category bo_category_list bo_use_sideview bo_use_file_content
    bo_use_secret bo_use_dhtml_editor bo_select_editor bo_use_rss_view bo_use_good bo_use_nogood
    bo_use_name bo_use_signature bo_use_ip_view bo_use_list_view bo_use_list_file
    bo_use_list_content bo_table_width bo_subject_len bo_mobile_subject_len bo_page_rows
    bo_mobile_page_rows bo_new bo_hot bo_image_width bo_skin bo_mobile_skin bo_include_head
    bo_include_tail bo_content_head bo_mobile_content_head bo_content_tail bo_mobile_content_tail
    bo_insert_content bo_gallery_cols bo_gallery_width bo_gallery_height bo_mobile_gallery_width
    bo_mobile_gallery_height bo_upload_size bo_reply_order bo_use_search bo_order bo_count_write
    bo_count_comment bo_write_min bo_write_max bo_comment_min bo_comment_max bo_notice
    bo_upload_count bo_use_email bo_use_cert bo_use_sns bo_use_captcha bo_sort_field bo_1-10_subj
    bo_1-10
board_file: bo_table wr_id bf_no bf_source bf_file bf_download bf_content bf_fileurl bf_thumburl
    bf_storage bf_filesize bf_width bf_height bf_type bf_datetime
board_good: bg_id bo_table wr_id mb_id bg_flag bg_datetime
config: cf_id cf_title cf_theme cf_admin cf_admin_email cf_admin_email_name cf_add_script
    cf_use_point cf_point_term cf_use_copy_log cf_use_email_certify cf_login_point cf_cut_name
    cf_nick_modify cf_new_skin cf_new_rows cf_search_skin cf_connect_skin cf_faq_skin
    cf_read_point cf_write_point cf_comment_point cf_download_point cf_write_pages cf_mobile_pages
    cf_link_target cf_bbs_rewrite cf_delay_sec cf_filter cf_possible_ip cf_intercept_ip
    cf_analytics cf_add_meta cf_syndi_token cf_syndi_except cf_member_skin cf_use_homepage
    cf_req_homepage cf_use_tel cf_req_tel cf_use_hp cf_req_hp cf_use_addr cf_req_addr
    cf_use_signature cf_req_signature cf_use_profile cf_req_profile cf_register_level
    cf_register_point cf_icon_level cf_use_recommend cf_recommend_point cf_leave_day
    cf_search_part cf_email_use cf_email_wr_super_admin cf_email_wr_group_admin
    cf_email_wr_board_admin cf_email_wr_write cf_email_wr_comment_all cf_email_mb_super_admin
    cf_email_mb_member cf_email_po_super_admin cf_prohibit_id cf_prohibit_email cf_new_del
    cf_memo_del cf_visit_del cf_popular_del cf_optimize_date cf_use_member_icon
    cf_member_icon_size cf_member_icon_width cf_member_icon_height cf_member_img_size
    cf_member_img_width cf_member_img_height cf_login_minutes cf_image_extension
    cf_flash_extension cf_movie_extension cf_formmail_is_member cf_page_rows cf_mobile_page_rows
    cf_visit cf_max_po_id cf_stipulation cf_privacy cf_use_promotion cf_open_modify
    cf_memo_send_point cf_mobile_new_skin cf_mobile_search_skin cf_mobile_connect_skin
    cf_mobile_faq_skin cf_mobile_member_skin cf_captcha_mp3 cf_editor cf_cert_use cf_cert_find
    cf_cert_ipin cf_cert_hp cf_cert_simple cf_cert_kg_cd cf_cert_kg_mid cf_cert_use_seed
    cf_cert_kcb_cd cf_cert_kcp_cd cf_cert_kcp_enckey cf_lg_mid cf_lg_mert_key cf_toss_client_key
    cf_toss_secret_key cf_cert_limit cf_cert_req cf_sms_use cf_sms_type cf_icode_id cf_icode_pw
    cf_icode_server_ip cf_icode_server_port cf_icode_token_key cf_googl_shorturl_apikey
    cf_social_login_use cf_social_servicelist cf_payco_clientid cf_payco_secret cf_facebook_appid
    cf_facebook_secret cf_twitter_key cf_twitter_secret cf_google_clientid cf_google_secret
    cf_naver_clientid cf_naver_secret cf_kakao_rest_key cf_kakao_client_secret cf_kakao_js_apikey
    cf_captcha cf_recaptcha_site_key cf_recaptcha_secret_key cf_1-10_subj cf_1-10
content: co_id co_html co_subject co_content co_seo_title co_mobile_content co_skin co_mobile_skin
    co_tag_filter_use co_hit co_include_head co_include_tail
faq: fa_id fm_id fa_subject fa_content fa_order
faq_master: fm_id fm_subject fm_head_html fm_tail_html fm_mobile_head_html fm_mobile_tail_html
    fm_order
group: gr_id gr_subject gr_device gr_admin gr_use_access gr_order gr_1-10_subj gr_1-10
group_member: gm_id gr_id mb_id gm_datetime
member: mb_no mb_id mb_password mb_name mb_nick mb_nick_date mb_email mb_homepage mb_level mb_sex
    mb_birth mb_tel mb_hp mb_certify mb_adult mb_dupinfo mb_zip1 mb_zip2 mb_addr1-3 mb_addr_jibeon
    mb_signature mb_recommend mb_point mb_today_login mb_login_ip mb_datetime mb_ip mb_leave_date
    mb_intercept_date mb_email_certify mb_email_certify2 mb_memo mb_lost_certify mb_mailling
    mb_mailling_date mb_sms mb_sms_date mb_open mb_open_date mb_profile mb_memo_call mb_memo_cnt
    mb_scrap_cnt mb_marketing_agree mb_marketing_date mb_thirdparty_agree mb_thirdparty_date
    mb_agree_log mb_1-10
member_social_profiles: mp_no mb_id provider object_sha identifier profileurl photourl displayname
    description mp_register_day mp_latest_day
memo: me_id me_recv_mb_id me_send_mb_id me_send_datetime me_read_datetime me_memo me_send_id
    me_type me_send_ip
menu: me_id me_code me_name me_link me_target me_order me_use me_mobile_use
new_win: nw_id nw_division nw_device nw_begin_time nw_end_time nw_disable_hours nw_left nw_top
    nw_height nw_width nw_subject nw_content nw_content_html
point: po_id mb_id po_datetime po_content po_point po_use_point po_expired po_expire_date
    po_mb_point po_rel_table po_rel_id po_rel_action
poll: po_id po_subject po_poll1-9 po_cnt1-9 po_etc po_level po_point po_date po_ips mb_ids po_use
poll_etc: pc_id po_id mb_id pc_name pc_idea pc_datetime
popular: pp_id pp_word pp_date pp_ip
qa_config: qa_id qa_title qa_category qa_skin qa_mobile_skin qa_use_email qa_req_email qa_use_hp
    qa_req_hp qa_use_sms qa_send_number qa_admin_hp qa_admin_email qa_use_editor qa_subject_len
    qa_mobile_subject_len qa_page_rows qa_mobile_page_rows qa_image_width qa_upload_size
    qa_insert_content qa_include_head qa_include_tail qa_content_head qa_content_tail
    qa_mobile_content_head qa_mobile_content_tail qa_1-5_subj qa_1-5
qa_content: qa_id qa_num qa_parent qa_related mb_id qa_name qa_email qa_hp qa_type qa_category
    qa_email_recv qa_sms_recv qa_html qa_subject qa_content qa_status qa_file1 qa_source1 qa_file2
    qa_source2 qa_ip qa_datetime qa_1-5
scrap: ms_id mb_id bo_table wr_id ms_datetime
visit_sum: vs_date vs_count
write: wr_id wr_num wr_reply wr_parent wr_is_comment wr_comment wr_comment_reply ca_name wr_option
    wr_subject wr_content wr_seo_title wr_link1 wr_link2 wr_link1_hit wr_link2_hit wr_hit wr_good
    wr_nogood mb_id wr_password wr_name wr_email wr_homepage wr_datetime wr_file wr_last wr_ip
    wr_facebook_user wr_twitter_user wr_1-10
"""

_DERIVED = "board_new cert_history login mail member_auto_login member_cert_history uniqid visit social_profile"


def _expanded(name: str) -> Iterator[str]:
    """wr_1-10 stands for ten columns."""
    found = re.fullmatch(r"(\w+?)(\d+)-(\d+)(\w*)", name)
    if found is None:
        yield name
    else:
        for number in range(int(found[2]), int(found[3]) + 1):
            yield f"{found[1]}{number}{found[4]}"


def _read(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for table in re.split(r"\n(?! )", text.strip()):
        name, _colon, columns = table.partition(":")
        yield name, tuple(each for word in columns.split() for each in _expanded(word))


COLUMNS = dict(_read(_COLUMNS))
"""The columns of each table that is imported, without the prefix. `write` stands for the table of a board."""

KNOWN = frozenset(COLUMNS) | frozenset(_DERIVED.split())
"""Everything that gnuboard5 makes; what is not in COLUMNS is derived, short-lived or of no use here."""

KEYS = {
    "write": "wr_id",
    "board_good": "bg_id",
    "faq": "fa_id",
    "faq_master": "fm_id",
    "member_social_profiles": "mp_no",
    "memo": "me_id",
    "menu": "me_id",
    "new_win": "nw_id",
    "point": "po_id",
    "poll": "po_id",
    "poll_etc": "pc_id",
    "popular": "pp_id",
    "qa_content": "qa_id",
    "scrap": "ms_id",
    "autosave": "as_id",
    "group_member": "gm_id",
}
"""The number by which a row is known; it is positive, and no two rows have the same."""

NAMED = {"board": "bo_table", "group": "gr_id", "member": "mb_id", "content": "co_id"}
"""The name by which a row is known."""


def kind_of(table: str, prefix: str) -> str:
    """The key in KNOWN of a table with its prefix; "" for one of a plug-in."""
    name = table.lower().removeprefix(prefix.lower())
    if not table.lower().startswith(prefix.lower()):
        return ""
    return "write" if name.startswith("write_") else name if name in KNOWN else ""


def may_be_known(table: str) -> bool:
    """Whether a table is gnuboard5's with some prefix."""
    name = table.lower()
    return "write_" in name or any(name.endswith(each) for each in KNOWN)
