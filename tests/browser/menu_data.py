"""A menu with everything that one can hold."""

from boards.models import Board
from tests.pages.menus import add, add_board, add_group, add_link


def create_menu_data(board: Board) -> dict[str, int]:
    """Creates the menu; returns parameters for URLs."""
    group = add_group(board.group)
    add_board(board, label="이야기")
    heading = add("heading", label="이용 안내")
    add_link("/terms/", "이용약관", heading)
    add("heading", heading, label="바깥 사이트")
    add_link("https://example.com/", "아주 길고 긴 이름을 가진 자매 사이트의 첫 화면", heading)
    add_link("/popular/", "인기글", opens_window=True)
    add_link("/new/", "이름이 아주 길고 길어서 줄을 넘길지도 모르는 메뉴 이름")
    add_link("/tags/", "태그", on_narrow=False)
    add_link("/visits/now/", "현재접속자", on_wide=False)
    add_link("/my/", "마이페이지", min_level=2)
    add_link("/search/", "검색", on_wide=False, on_narrow=False)
    add_board(board)
    return {"menu_group": group.pk, "menu_heading": heading.pk}
