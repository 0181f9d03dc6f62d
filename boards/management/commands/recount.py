from boards.repair import recount
from boardsite.drifts import RecountCommand


class Command(RecountCommand):
    help = "저장된 숫자(글 수, 댓글 수, 추천, 쪽 계산)를 다시 세어 바로잡습니다."
    recount = staticmethod(recount)
