"""What roles let members do in every board (accounts.roles; BoardsConfig.role_rights)."""

from accounts.permissions import Visitor

MODERATE = "boards.moderate_boards"
JUDGE = "boards.judge_reports"


def moderates_all(visitor: Visitor) -> bool:
    """Whether `visitor` moderates every board: the owner, 운영진 and 게시판 관리자."""
    return visitor.is_authenticated and visitor.has_role_right(MODERATE)


def judges_all(visitor: Visitor) -> bool:
    """Whether `visitor` judges the reports of every board, except those about inquiries."""
    return visitor.is_authenticated and visitor.has_role_right(JUDGE)
