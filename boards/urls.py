"""Addresses of boards and what is in them."""

from django.urls import path

from boards import feeds
from boards.views import (
    boards,
    comments,
    files,
    members,
    moderation,
    posts,
    reactions,
    reports,
    scraps,
    search,
)

urlpatterns = [
    path("", boards.front, name="front"),
    path("new/", boards.new_posts, name="new_posts"),
    path("search/", search.search, name="search"),
    path("scraps/", scraps.list_scraps, name="list_scraps"),
    path("scraps/<pk:pk>/delete/", scraps.unscrap_post, name="unscrap_post"),
    path("reports/", reports.list_reports, name="list_reports"),
    path("reports/<pk:pk>/uphold/", reports.uphold_report, name="uphold_report"),
    path("reports/<pk:pk>/dismiss/", reports.dismiss_report, name="dismiss_report"),
    path("feed/", feeds.SiteFeed(), name="site_feed"),
    path("groups/<board:slug>/", boards.show_group, name="show_group"),
    path("members/<username:username>/", members.show_member, name="show_member"),
    path("files/<pk:pk>/", files.download_file, name="download_file"),
    path("files/<pk:pk>/picture/", files.show_picture, name="show_picture"),
    path("files/<pk:pk>/thumb/", files.show_thumb, name="show_thumb"),
    path("<board:slug>/", boards.list_posts, name="list_posts"),
    path("<board:slug>/feed/", feeds.BoardFeed(), name="board_feed"),
    path("<board:slug>/write/", posts.write_post, name="write_post"),
    path("<board:slug>/moderate/", moderation.moderate_posts, name="moderate_posts"),
    path("<board:slug>/bin/", moderation.show_bin, name="show_bin"),
    path("<board:slug>/upload-picture/", files.upload_picture, name="upload_picture"),
    path("<board:slug>/<number:number>/", posts.read_post, name="read_post"),
    path("<board:slug>/<number:number>/edit/", posts.edit_post, name="edit_post"),
    path("<board:slug>/<number:number>/delete/", posts.delete_post, name="delete_post"),
    path("<board:slug>/<number:number>/restore/", moderation.restore_post, name="restore_post"),
    path("<board:slug>/<number:number>/like/", reactions.like_post, name="like_post"),
    path("<board:slug>/<number:number>/scrap/", scraps.scrap_post, name="scrap_post"),
    path("<board:slug>/<number:number>/report/", reports.report_post, name="report_post"),
    path(
        "<board:slug>/<number:number>/comments/write/",
        comments.write_comment,
        name="write_comment",
    ),
    path(
        "<board:slug>/<number:number>/comments/<pk:pk>/edit/",
        comments.edit_comment,
        name="edit_comment",
    ),
    path(
        "<board:slug>/<number:number>/comments/<pk:pk>/delete/",
        comments.delete_comment,
        name="delete_comment",
    ),
    path(
        "<board:slug>/<number:number>/comments/<pk:pk>/report/",
        reports.report_comment,
        name="report_comment",
    ),
]
